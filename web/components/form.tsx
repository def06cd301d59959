import { type ComponentChildren, createContext } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { says } from '../language.js'
import { type Trouble, troubleOf } from '../problems.js'
import { Message } from './message.js'

/** What is wrong with a form's fields, for the fields in it. */
export const FieldTroubles = createContext<Readonly<Record<string, string>>>({})

export interface FormProps {
  /** what the button says */
  submit: string
  /** gets what was typed, by the fields' names; what it throws is said in the form */
  send: (values: Record<string, string>) => Promise<void>
  /** says something else about what went wrong, where it gives something */
  explain?: (trouble: Trouble) => ComponentChildren
  kind?: 'danger' | 'second'
  children?: ComponentChildren
}

/** A form that is sent by script: it keeps what was typed, and puts the focus into the first field that something is wrong with. */
export function Form ({ submit, send, explain, kind, children }: FormProps) {
  const element = useRef<HTMLFormElement>(null)
  const [trouble, setTrouble] = useState<Trouble>()
  const [isBusy, setBusy] = useState(false)

  useEffect(() => { element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus() }, [trouble])

  async function onSubmit (event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const form = element.current
    if (isBusy || form === null) return
    const missing = missingFields(form)
    if (missing !== undefined) {
      setTrouble(missing)
      return
    }
    setBusy(true)
    setTrouble(undefined)
    try {
      await send(valuesOf(form))
    } catch (error) {
      setTrouble(troubleOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class='form' ref={element} method='post' noValidate aria-busy={isBusy} onSubmit={event => { void onSubmit(event) }}>
      <FieldTroubles.Provider value={trouble?.fields ?? {}}>{children}</FieldTroubles.Provider>
      <Message isBad>{trouble === undefined ? undefined : explain?.(trouble) ?? trouble.message}</Message>
      <button class={`button ${kind ?? ''}`} type='submit' aria-busy={isBusy}>{isBusy ? says.busy : submit}</button>
    </form>
  )
}

function missingFields (form: HTMLFormElement): Trouble | undefined {
  const missing = [...form.elements].filter(element => isInput(element) && element.required && element.value.trim() === '')
  if (missing.length === 0) return undefined
  const fields = Object.fromEntries(missing.map(element => [element.getAttribute('name') ?? '', says.rules.required]))
  return { code: 'invalid_input', message: says.problems.invalid_input, fields }
}

function isInput (element: Element): element is HTMLInputElement | HTMLSelectElement {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement
}

function valuesOf (form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}
