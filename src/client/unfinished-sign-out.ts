/**
 * Remembers, also over a reload, that a sign-out has not reached the server yet, whose cookie would sign in again. No token is kept.
 *
 * @param base the API's URL
 */
export function unfinishedSignOut (base: string) {
  const key = `kunci signing out ${base}`
  // A browser that refuses storage refuses cookies too.
  const inStorage = <Result>(use: (storage: Storage) => Result): Result | undefined => {
    try { return use(localStorage) } catch { return undefined }
  }
  return {
    exists: () => inStorage(storage => storage.getItem(key)) === '',
    begin () { inStorage(storage => { storage.setItem(key, '') }) },
    finish () { inStorage(storage => { storage.removeItem(key) }) }
  }
}
