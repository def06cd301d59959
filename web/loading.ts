import { useEffect, useState } from 'preact/hooks'
import { type Trouble, troubleOf } from './problems.js'

export interface Loading<Value> {
  /** undefined until it is there */
  value: Value | undefined
  /** why it is not there */
  trouble: Trouble | undefined
  retry: () => void
  /** puts something else in its place */
  set: (value: Value) => void
}

/**
 * Loads what a component shows.
 *
 * @param key loads anew when it changes
 */
export function useLoading<Value> (load: () => Promise<Value>, key = ''): Loading<Value> {
  const [value, set] = useState<Value>()
  const [trouble, setTrouble] = useState<Trouble>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    setTrouble(undefined)
    load().then(
      loaded => { if (isWanted) set(() => loaded) },
      (error: unknown) => { if (isWanted) setTrouble(troubleOf(error)) }
    )
    return () => { isWanted = false }
  }, [attempt, key])
  return { value, trouble, retry: () => { setAttempt(attempt + 1) }, set: next => { set(() => next) } }
}
