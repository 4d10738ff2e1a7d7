/**
 * Whose key signs: given, or asked for at each signature.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { requireObject } from '../../lib/known-options.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { isDate } from '../../lib/timestamp.ts'
import { wrongOption } from '../../lib/wrong-option.ts'

/** A key pair, with its token if it is a temporary one. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they end. A URL ends with the credentials that made it, and its `expiresAt` says so. */
  readonly expiration?: Date | undefined
}

/** The key pair of the moment. @throws {TypeError} for a provider that has to be waited for */
export function currentCredentials(
  credentials: S3Credentials | (() => S3Credentials),
): S3Credentials {
  if (typeof credentials !== 'function') return credentials
  const found = credentials()
  if (found instanceof Promise) throw wrongOption('credentials must not wait: use the Async twin')
  return found
}

// A key id with one of the other characters would make another scope, or another header, than it says.
const ACCESS_KEY_ID = /^[\x21-\x2b\x2d\x2e\x30-\x7e]{1,256}$/

/** A copy, which the caller cannot change later. @throws {TypeError} naming the member that cannot be used */
export function readCredentials(given: S3Credentials): S3Credentials {
  requireObject(given, 'credentials')
  const credentials = { ...given }
  const { accessKeyId, expiration, secretAccessKey, sessionToken } = credentials
  if (typeof accessKeyId !== 'string' || !ACCESS_KEY_ID.test(accessKeyId)) {
    throw wrongOption('credentials.accessKeyId must be printable ASCII without slash or comma')
  }
  assertText(secretAccessKey, 'secretAccessKey')
  if (sessionToken !== undefined) assertText(sessionToken, 'sessionToken')
  if (expiration !== undefined && !isDate(expiration)) {
    throw wrongOption('credentials.expiration must be a Date')
  }
  return credentials
}

function assertText(text: unknown, member: string): void {
  if (typeof text !== 'string' || text === '') {
    throw wrongOption(`credentials.${member} must not be empty`)
  }
}

/** When what is to end in this second of the epoch really ends: not after the credentials. @throws as `assertAlive` */
export function endOfLife(credentials: S3Credentials, nowMs: number, second: number): Date {
  assertAlive(credentials, nowMs)
  const end = second * 1000
  return new Date(Math.min(end, credentials.expiration?.getTime() ?? end))
}

/** @throws {SigningError} `key-invalid` for credentials that have ended */
export function assertAlive({ expiration }: S3Credentials, nowMs: number): void {
  if (expiration === undefined || expiration.getTime() > nowMs) return
  throw new SigningError('key-invalid', 'the credentials have ended', {
    parameter: 'credentials',
    reason: 'expiration has passed',
  })
}

/** The session token as it stands in a query, with what comes before it; empty without one. */
export function encodeToken({ sessionToken }: S3Credentials): string {
  return sessionToken === undefined ? '' : `&X-Amz-Security-Token=${percentEncode(sessionToken)}`
}
