/** Where to go on after signing in: a page of these, kept by this tab's memory, so that no link can say another. */
export const returnTo: { path: string | undefined } = { path: undefined }
