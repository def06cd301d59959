import { useLocation } from 'preact-iso/router'
import type { Query } from './api.js'

/** @returns what the page's address asks for, and what changes it, so that going back finds it again */
export function useQuery (): [Query, (change: Query) => void] {
  const { query, path, route } = useLocation()
  function set (change: Query): void {
    const next = Object.entries<string | undefined>({ ...query, ...change }).flatMap(([name, value]) => value === undefined || value === '' ? [] : [[name, value]])
    route(next.length === 0 ? path : `${path}?${new URLSearchParams(next).toString()}`, true)
  }
  return [query, set]
}
