/** End users, who come with a token of the application's own issuer instead of a key. */
import type { RevocationRecord } from '../../catalog/records.ts'
import type { AskApplication } from './ask-application.ts'
import type { Claims, UserRight, UserRule } from './user-rules.ts'

/** What a token said, once its signature, issuer, audience and time held. */
export interface VerifiedToken {
  readonly subject: string
  /** Of the subject (user-id.ts). */
  readonly userId: string
  /** Milliseconds. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly claims: Claims
}

/** Rejects with `user-token-invalid`, or with `issuer-unavailable` where nobody can say whether it is valid. */
export type VerifyUserToken = (token: string) => Promise<VerifiedToken>

export interface UserTokens {
  readonly verify: VerifyUserToken
  readonly rules: readonly UserRule[]
  /** Asked where the rules do not say yes; `null`: then it is a no. */
  readonly ask: AskApplication | null
}

/** An end user as the rules see them: what the token said, and what follows from it. */
export interface UserFacts extends VerifiedToken {
  readonly rights: readonly UserRight[]
}

/** How far the clocks of issuer and server may be apart. */
export const TOKEN_SKEW_MS = 30_000

/** The issuer's clock is not ours: what it dates a little later than the sweep counts as before. */
export function isSwept(
  { issuedAt }: Pick<VerifiedToken, 'issuedAt'>,
  sweep: RevocationRecord | null,
): boolean {
  return sweep !== null && issuedAt - TOKEN_SKEW_MS < sweep.notBefore
}
