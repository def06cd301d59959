/** The embedded database can't be used; the message is for the operator and says what to do. It never holds the password. */
export class EmbeddedDatabaseError extends Error {
  override name = 'EmbeddedDatabaseError'
}
