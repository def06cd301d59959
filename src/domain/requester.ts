/** Who asked, as far as the network tells. */
export interface Requester {
  /** an IPv4 or IPv6 address, or null where none is known */
  ip: string | null
  /** the User-Agent header, cut to 512 characters */
  userAgent: string | null
}
