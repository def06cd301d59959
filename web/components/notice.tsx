import type { ComponentChildren } from 'preact'
import { Title } from './title.js'

/** A page that has one thing to say, and perhaps one to do. */
export function Notice ({ title, text, children }: { title: string, text?: string, children?: ComponentChildren }) {
  return (
    <div class='narrow'>
      <div class='card'>
        <div class='heading'>
          <Title>{title}</Title>
          {text !== undefined && <p class='quiet'>{text}</p>}
        </div>
        {children}
      </div>
    </div>
  )
}
