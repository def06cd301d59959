/** The address that was last typed, so that the next form need not ask for it again; in this tab's memory alone. */
let address = ''

export function rememberAddress (typed: string): void {
  address = typed.trim()
}

export function rememberedAddress (): string {
  return address
}
