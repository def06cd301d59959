import { useEffect, useRef } from 'preact/hooks'

/** Whether this is the document's first page, whose focus the browser has set already. */
let isFirst = true

/**
 * A page's heading, which names the document. Whoever comes to it from another page has the focus put on it, so that a screen
 * reader reads on from there.
 */
export function Title ({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · Kunci`
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [children])
  return <h1 ref={heading} tabIndex={-1}>{children}</h1>
}
