/**
 * Checks the tokens of end users: JWTs [RFC7519] signed with a key that their issuer publishes [RFC7517]. Which algorithm is right
 * follows from the key, and only those with a public key are there: nobody's text becomes a secret. What cannot be checked, because
 * the keys cannot be had or are too old, is refused.
 */
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import type { DomainError } from '../core/errors.ts'
import { MAX_EXPIRES_SECONDS } from '../platform/s3-limits.ts'
import { userIdOf } from '../core/users/user-id.ts'
import { TOKEN_SKEW_MS } from '../core/users/user-tokens.ts'
import type { VerifiedToken, VerifyUserToken } from '../core/users/user-tokens.ts'
import type { FetchKeys } from '../http/fetch-keys.ts'

export interface IssuerOptions {
  /** `iss`, letter by letter. */
  readonly issuer: string
  /** `aud`: one of them. */
  readonly audiences: readonly string[]
  /** Where the issuer publishes its keys. */
  readonly keysUrl: string
  readonly fetchKeys: FetchKeys
  /** Keys are taken for right for so long without being read again. */
  readonly keysMaxAgeMs?: number
  /** Keys that nobody has heard of are looked for this long after those known were read. */
  readonly keysCooldownMs?: number
}

/** Of RSA, of elliptic curves and of EdDSA; none with a secret that two share. */
const ALGORITHMS: string[] =
  'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')
/** As large as all headers of a request together may be. */
const MAX_TOKEN_BYTES: number = 16 * 1024
/** The last moment that a date can hold. */
const MAX_TIME_MS = 8.64e15
/** A revocation is remembered as long as links may live: no token is good for longer, whatever its `exp`, or it would outlive one. */
const LONGEST_LIFE_MS: number = MAX_EXPIRES_SECONDS * 1000
const KEYS_MAX_AGE_MS = 600_000
const KEYS_COOLDOWN_MS = 30_000

class KeysUnavailable extends Error {}

export function createUserTokenVerifier(
  { clock, log }: Pick<CoreContext, 'clock' | 'log'>,
  options: IssuerOptions,
): VerifyUserToken {
  const { issuer, audiences } = options
  const findKey = createKeyFinder(options)

  return async (token) => {
    if (token.length > MAX_TOKEN_BYTES) throw invalid('it is too long')
    const now = clock.now()
    try {
      const { payload } = await jwtVerify(token, findKey, {
        issuer,
        audience: [...audiences],
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'iat', 'exp'],
        clockTolerance: TOKEN_SKEW_MS / 1000,
        currentDate: new Date(now),
      })
      return readPayload(payload, now)
    } catch (error) {
      if (!(error instanceof KeysUnavailable)) throw explain(error)
      log.warn({ err: error.cause }, 'the keys of the token issuer cannot be read')
      throw refusal('issuer-unavailable', {}, error)
    }
  }
}

/** Rejects with `KeysUnavailable` for whatever is not the token's own fault. */
function createKeyFinder(options: IssuerOptions): JWTVerifyGetKey {
  const { keysUrl, fetchKeys } = options
  const { keysMaxAgeMs = KEYS_MAX_AGE_MS, keysCooldownMs = KEYS_COOLDOWN_MS } = options
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    cacheMaxAge: keysMaxAgeMs,
    cooldownDuration: keysCooldownMs,
    [customFetch]: fetchKeys,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (isOfToken(error)) throw error
      throw new KeysUnavailable('No keys.', { cause: error })
    }
  }
}

function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}

function readPayload(payload: JWTPayload, nowMs: number): VerifiedToken {
  const { sub: subject, iat, exp } = payload
  const userId = typeof subject === 'string' ? userIdOf(subject) : null
  if (subject === undefined || userId === null) throw invalid('its sub is no name')
  if (typeof iat !== 'number' || typeof exp !== 'number') throw invalid('its times are no numbers')
  const [issuedAt, runsOutAt] = [iat * 1000, exp * 1000]
  if (Math.max(Math.abs(issuedAt), Math.abs(runsOutAt)) > MAX_TIME_MS) {
    throw invalid('its times are no dates')
  }
  const expiresAt = Math.min(runsOutAt, issuedAt + LONGEST_LIFE_MS)
  if (nowMs >= expiresAt + TOKEN_SKEW_MS) throw invalid('it was issued seven days ago or earlier')
  // It would outlive every revocation until then.
  if (issuedAt > nowMs + TOKEN_SKEW_MS) throw invalid('it is dated ahead')
  return { subject, userId, issuedAt, expiresAt, claims: payload }
}

/** What is wrong, in words of ours: those of a library may quote the token. */
function explain(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return invalid('it has run out', error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalid(`its claim ${nameOf(error.claim)} is missing or does not fit`, error)
  }
  if (isOfToken(error)) return invalid('no key that its issuer publishes is named by it', error)
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalid('its signature does not hold', error)
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('its algorithm is not taken', error)
  // A key of another kind than the algorithm needs, a broken part: all that it can be is wrong.
  return error instanceof errors.JOSEError || error instanceof TypeError
    ? invalid('it is no signed JWT', error)
    : error
}

const CLAIMS = ['iss', 'aud', 'sub', 'iat', 'exp', 'nbf']

function nameOf(claim: string): string {
  return CLAIMS.includes(claim) ? claim : 'set'
}

function invalid(reason: string, cause?: unknown): DomainError<'user-token-invalid'> {
  return refusal('user-token-invalid', { reason }, cause)
}
