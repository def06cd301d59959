import { AuthError } from './errors.js'

/**
 * Why an access or refresh token is refused, for the log and the event; the client is told nothing of it.
 *
 * - `expired`: it or its session has reached its end;
 * - `revoked`: its session was ended, or the account or its roles changed;
 * - `replayed`: it was spent, its successor used, and here it is again;
 * - `foreign`: signed here, for another contract, issuer or purpose;
 * - `malformed`: everything else: no signature of ours, an unknown key, another form.
 */
export type RefusalReason = 'expired' | 'revoked' | 'replayed' | 'foreign' | 'malformed'

/** As what a token was sent. */
export type TokenKind = 'access' | 'refresh'

/** Whose a token is: known of one that was signed here alone, since a forged one names whom it likes. */
export interface TokenHolder {
  accountId: string
  /** undefined for a token that stands for no session, such as a mailed one */
  sessionId?: string | undefined
  /** the contract that it was issued in, where the place that it was sent to tells of none */
  contract?: string | undefined
}

export interface TokenRefusal {
  reason: RefusalReason
  /** more exactly, for the log alone */
  detail?: string | undefined
  holder?: TokenHolder | undefined
}

/** Of several tokens that one request brought the gravest reason is its reason. */
const byGravity: readonly RefusalReason[] = ['replayed', 'foreign', 'revoked', 'expired', 'malformed']

/** The token or tokens that a request stands on are refused. Its code is `invalid_access_token` or `invalid_refresh_token`, whatever the reason. */
export class TokenRefusedError extends AuthError {
  readonly kind: TokenKind
  readonly refusals: readonly TokenRefusal[]

  /** @param refusals one for each token that was looked at; none where there was no token, whose reason is `missing` */
  constructor (kind: TokenKind, refusals: readonly TokenRefusal[]) {
    const [gravest] = [...refusals].sort((one, other) => byGravity.indexOf(one.reason) - byGravity.indexOf(other.reason))
    super(kind === 'access' ? 'invalid_access_token' : 'invalid_refresh_token', {
      reason: gravest?.reason ?? 'missing',
      detail: refusals.length > 1 ? refusals.map(inWords).join(', ') : gravest?.detail,
      accountId: gravest?.holder?.accountId,
      sessionId: gravest?.holder?.sessionId
    })
    this.kind = kind
    this.refusals = refusals
  }
}

/** @returns the refusal of an access token that was good when it came: for the log, and no event */
export function revokedMeanwhile (detail: string, holder: TokenHolder | undefined): AuthError {
  return new AuthError('invalid_access_token', { reason: 'revoked' satisfies RefusalReason, detail, accountId: holder?.accountId, sessionId: holder?.sessionId })
}

function inWords ({ reason, detail }: TokenRefusal): string {
  return detail === undefined ? reason : `${reason} (${detail})`
}

/** What of a session and its account decides whether it goes on. */
export interface SessionState {
  revokedAt: Date | null
  revokedReason: string | null
  expiresAt: Date
  disabledAt: Date | null
}

/** Why the tokens of a session are refused whose row is gone, with its account or long after its end. */
export const unknownSession = { reason: 'revoked', detail: 'unknown session' } as const satisfies TokenRefusal

/** @returns why the tokens of a session are refused, undefined while it goes on */
export function refusalOfSession (session: SessionState, now: Date): TokenRefusal | undefined {
  if (session.revokedAt !== null) return { reason: 'revoked', detail: session.revokedReason ?? undefined }
  if (session.expiresAt <= now) return { reason: 'expired' }
  if (session.disabledAt !== null) return { reason: 'revoked', detail: 'disabled account' }
  return undefined
}
