import type { ComponentChildren } from 'preact'
import { Title } from '../../components/title.js'
import { moment } from '../../language.js'

/** A page of administration: its heading, what can be done beside it, and what it shows. */
export function Page ({ title, text, action, children }: { title: string, text?: string, action?: ComponentChildren, children: ComponentChildren }) {
  return (
    <>
      <div class='page-head'>
        <div class='heading'>
          <Title>{title}</Title>
          {text !== undefined && <p class='quiet'>{text}</p>}
        </div>
        {action}
      </div>
      {children}
    </>
  )
}

/** A time as the browser's language has it. @param props `at`: as ISO 8601 has it */
export function Time ({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>
}

export function Badge ({ kind = '', children }: { kind?: 'own' | 'warn' | '', children: ComponentChildren }) {
  return <span class={`badge ${kind}`}>{children}</span>
}
