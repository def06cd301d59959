/** Kunci's mark: a key. */
export function KeyMark () {
  return (
    <svg viewBox='0 0 32 32' aria-hidden='true' focusable='false'>
      <rect width='32' height='32' rx='8' fill='currentColor' />
      <g fill='none' stroke='var(--on-accent)' stroke-width='2.6' stroke-linecap='round' stroke-linejoin='round'>
        <circle cx='11.5' cy='16' r='4.7' />
        <path d='M16.2 16h9.3v4.2M21.2 16v3.2' />
      </g>
    </svg>
  )
}
