const WIDTH = 20
/** Milliseconds between two drawings. */
const PAUSE = 100

export interface Progress {
  /** what is being done, such as `reading` */
  doing: string
  done: number
  /** from 0 to 1; undefined where the whole is not known */
  share: number | undefined
  /** seconds since this began */
  seconds: number
}

/** @returns one line that says how far it is, how fast, and how long it will take */
export function progressLine ({ doing, done, share, seconds }: Progress): string {
  const rate = seconds > 0 ? Math.round(done / seconds) : 0
  const pace = `${doing} ${done.toLocaleString('en')} lines, ${rate.toLocaleString('en')}/s`
  if (share === undefined) return pace
  const filled = Math.round(Math.min(share, 1) * WIDTH)
  const left = share > 0 ? `, ${Math.ceil(seconds * (1 - Math.min(share, 1)) / share)} s left` : ''
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(Math.min(share, 1) * 100)} % ${pace}${left}`
}

/** Draws on a terminal, over what it drew before; on anything else it is silent. */
export function createProgress (terminal: NodeJS.WriteStream): { show: (doing: string, done: number, share: number | undefined) => void, end: () => void } {
  let doing = ''
  let began = 0
  let drawn = 0
  return {
    show: (what, done, share) => {
      if (!terminal.isTTY) return
      const now = performance.now()
      if (what !== doing) began = now
      else if (now - drawn < PAUSE) return
      doing = what
      drawn = now
      terminal.write(`\r\x1b[2K${progressLine({ doing, done, share, seconds: (now - began) / 1000 }).slice(0, terminal.columns - 1)}`)
    },
    end: () => {
      if (drawn > 0) terminal.write('\r\x1b[2K')
      drawn = 0
    }
  }
}
