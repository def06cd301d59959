/**
 * Remembers over a reload that a sign-out has not reached the server yet, whose cookie would sign in again. No token is kept.
 *
 * @param base the API's URL
 */
export function unfinishedSignOut (base: string): { exists: () => boolean, begin: () => void, finish: () => void } {
  const key = `kunci signing out ${base}`
  let here = false
  // Storage may be switched off; then it holds as long as the page.
  const inStorage = <Result>(use: (storage: Storage) => Result): Result | undefined => {
    try { return use(localStorage) } catch { return undefined }
  }
  return {
    exists: () => inStorage(storage => storage.getItem(key) !== null) ?? here,
    begin () {
      here = true
      inStorage(storage => { storage.setItem(key, '') })
    },
    finish () {
      here = false
      inStorage(storage => { storage.removeItem(key) })
    }
  }
}
