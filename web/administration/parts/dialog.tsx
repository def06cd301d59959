import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Form } from '../../components/form.js'
import { tells } from '../sentences.js'

interface DialogProps {
  title: string
  text?: string
  /** is called when it was closed, and has to take it away */
  onClose: () => void
  children?: ComponentChildren
}

/** Asks for something, over all else. The focus goes back to where it was, or to the page's heading where that is gone. */
export function Dialog ({ title, text, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()

  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    const first = element?.querySelector<HTMLElement>('input:not([disabled]), select') ?? element?.querySelector<HTMLElement>('h2')
    first?.focus()
    return () => {
      element?.close()
      const { activeElement, body } = document
      if (activeElement === body || element?.contains(activeElement) === true) document.querySelector('h1')?.focus()
    }
  }, [])

  return (
    <dialog class='dialog' ref={dialog} aria-labelledby={id} onClose={onClose}>
      <div class='dialog-head'>
        <h2 id={id} tabIndex={-1}>{title}</h2>
        <button class='button text small' type='button' onClick={() => { dialog.current?.close() }}>{tells.close}</button>
      </div>
      {text !== undefined && <p class='quiet small'>{text}</p>}
      {children}
    </dialog>
  )
}

/** Asks whether something is really meant. */
export function Confirmation ({ submit, send, children, ...dialog }: DialogProps & { submit: string, send: (values: Record<string, string>) => Promise<void> }) {
  return <Dialog {...dialog}><Form submit={submit} send={send} kind='danger'>{children}</Form></Dialog>
}
