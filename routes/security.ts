/** What endpoints say of how to authenticate, in OpenAPI's words. */

/** Needs a bearer access token. */
export const signedIn = [{ accessToken: [] }]

/** Takes a bearer access token, and goes without one. */
export const mayBeSignedIn = [{ accessToken: [] }, {}]

/** Needs the refresh cookie. */
export const byCookie = [{ refreshCookie: [] }]
