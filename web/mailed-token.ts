/**
 * The token of the mail's link that opened these pages. It is taken out of the address before anything else happens, so that it stays
 * in no history, and it is kept by this tab's memory alone.
 */
let token = takeFromAddress()

function takeFromAddress (): string | undefined {
  const taken = new URLSearchParams(location.search).get('token') ?? undefined
  if (taken !== undefined) history.replaceState(history.state, '', location.pathname)
  return taken
}

/** @returns undefined where the address had none, or it is used up */
export function mailedToken (): string | undefined {
  return token
}

export function forgetMailedToken (): void {
  token = undefined
}
