/** What the server says of itself in the document. */
interface Settings {
  /** the path below which it stands, without a slash at its end */
  base: string
  /** where each contract is that it serves */
  contracts: { outlet: string, donation?: string, member?: string }
}

const element = document.querySelector<HTMLMetaElement>('meta[name=kunci]')

export const settings = JSON.parse(element?.content ?? '') as Settings

/** @returns the address of one of the server's paths */
export function at (path: string): string {
  return settings.base + path
}
