import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { Message } from '../../components/message.js'
import { troubleOf } from '../../problems.js'
import { tells } from '../sentences.js'

type Tell = (text: string, isBad?: boolean) => void

const OutcomeContext = createContext<Tell>(() => {})

/** @returns what says what came of an act, whatever page is shown then */
export const useTell = () => useContext(OutcomeContext)

/** Milliseconds after which what went well is said no longer. */
const LONG_ENOUGH = 10_000

/** Says what came of acts, over the page's lower edge, where it moves nothing. */
export function OutcomeProvider ({ children }: { children: ComponentChildren }) {
  const [said, say] = useState<{ text: string, isBad: boolean }>()
  useEffect(() => {
    if (said === undefined || said.isBad) return
    const timer = setTimeout(() => { say(undefined) }, LONG_ENOUGH)
    return () => { clearTimeout(timer) }
  }, [said])
  return (
    <OutcomeContext.Provider value={(text, isBad = false) => { say({ text, isBad }) }}>
      {children}
      <div class='outcome'>
        <Message>{said?.isBad === false ? said.text : undefined}</Message>
        <Message isBad>{said?.isBad === true ? said.text : undefined}</Message>
        {said !== undefined && <button class='button text small' type='button' onClick={() => { say(undefined) }}>{tells.close}</button>}
      </div>
    </OutcomeContext.Provider>
  )
}

/** @returns `act` does something and says what came of it; `busy` names what is being done */
export function useAct (): { busy: string | undefined, act: (name: string, work: () => Promise<string>) => void } {
  const tell = useTell()
  const [busy, setBusy] = useState<string>()
  async function act (name: string, work: () => Promise<string>): Promise<void> {
    setBusy(name)
    try {
      tell(await work())
    } catch (error) {
      tell(troubleOf(error).message, true)
    } finally {
      setBusy(undefined)
    }
  }
  return { busy, act: (name, work) => { if (busy === undefined) void act(name, work) } }
}
