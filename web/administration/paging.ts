import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Trouble, troubleOf } from '../problems.js'
import type { Part } from './api.js'

/** A list that is read part by part. */
export interface Pages<Row> {
  /** undefined until the first part is there; what was there stays while something else is on its way */
  rows: readonly Row[] | undefined
  /** why what was asked for last is not there */
  trouble: Trouble | undefined
  isBusy: boolean
  hasMore: boolean
  /** reads the part after those that are there */
  more: () => void
  /** reads anew as many rows as there are, as after an act */
  reload: () => void
}

/**
 * @param load reads a part; its signal is aborted when something else is asked for
 * @param key the list begins anew when it changes
 */
export function usePages<Row> (load: (cursor: string | undefined, signal: AbortSignal) => Promise<Part<Row>>, key = ''): Pages<Row> {
  const [part, setPart] = useState<Part<Row>>()
  const [trouble, setTrouble] = useState<Trouble>()
  const [isBusy, setBusy] = useState(true)
  const asking = useRef<AbortController>(undefined)
  const hasActed = useRef(false)

  async function ask (read: (signal: AbortSignal) => Promise<Part<Row>>): Promise<void> {
    asking.current?.abort()
    const { signal } = asking.current = new AbortController()
    setBusy(true)
    setTrouble(undefined)
    try {
      const next = await read(signal)
      if (!signal.aborted) setPart(next)
    } catch (error) {
      if (!signal.aborted) setTrouble(troubleOf(error))
    } finally {
      if (!signal.aborted) setBusy(false)
    }
  }

  async function readAtLeast (count: number, signal: AbortSignal): Promise<Part<Row>> {
    let read: Part<Row> = { data: [], next: null }
    do read = joined(read, await load(read.next ?? undefined, signal))
    while (read.next !== null && read.data.length < count)
    return read
  }

  useEffect(() => {
    void ask(async signal => await load(undefined, signal))
    return () => { asking.current?.abort() }
  }, [key])

  // The row that an act was about may be gone, and the focus with it.
  useLayoutEffect(() => {
    if (hasActed.current && document.activeElement === document.body) document.querySelector('h1')?.focus()
    hasActed.current = false
  }, [part])

  return {
    rows: part?.data,
    trouble,
    isBusy,
    hasMore: part !== undefined && part.next !== null,
    more () {
      if (part !== undefined && part.next !== null && !isBusy) void ask(async signal => joined(part, await load(part.next ?? undefined, signal)))
    },
    reload () {
      hasActed.current = true
      void ask(async signal => await readAtLeast(part?.data.length ?? 0, signal))
    }
  }
}

function joined<Row> (one: Part<Row>, other: Part<Row>): Part<Row> {
  return { data: [...one.data, ...other.data], next: other.next }
}
