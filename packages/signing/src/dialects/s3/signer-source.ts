/**
 * Gives the state of a signer for the credentials of the moment: it is kept while they stay the same, and made anew when they
 * are renewed.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { ClockOptions } from '../../types.ts'
import type { S3Credentials, S3SignerOptions, S3SignerState } from './signer-state.ts'
import { createSignerState } from './signer-state.ts'

/** Who signs, for where, with credentials that may have to be waited for. */
export interface S3AsyncSignerOptions extends Omit<S3SignerOptions, 'credentials'> {
  /** The key pair, or a function that is asked for it at each signature, such as a credential provider of the AWS SDK. */
  readonly credentials: S3Credentials | (() => S3Credentials | Promise<S3Credentials>)
}

/** The state for one request. */
export type S3SignerSource = (request: ClockOptions) => S3SignerState

/** @throws {TypeError} naming the option @throws {SigningError} `key-invalid` for credentials that have ended */
export function createSignerSource(options: S3SignerOptions): S3SignerSource {
  const { credentials } = options
  if (typeof credentials !== 'function') return createFixedSource(options, credentials)
  const stateFor = createStateKeeper(options)
  return (request) => {
    const found = credentials()
    if (isPromise(found)) {
      throw new TypeError('credentials must not wait here: use the Async twin')
    }
    return assertAlive(stateFor(found), request)
  }
}

/** The same for credentials that may have to be waited for. */
export function createAsyncSignerSource(
  options: S3AsyncSignerOptions,
): (request: ClockOptions) => Promise<S3SignerState> {
  const { credentials } = options
  if (typeof credentials !== 'function') {
    const source = createFixedSource(options, credentials)
    return async (request) => Promise.resolve(source(request))
  }
  const stateFor = createStateKeeper(options)
  return async (request) => assertAlive(stateFor(await credentials()), request)
}

/** A mistake in fixed credentials shows when the signer is made, not at its first use. */
function createFixedSource(
  options: S3AsyncSignerOptions,
  credentials: S3Credentials,
): S3SignerSource {
  const state = createSignerState({ ...options, credentials })
  return (request) => assertAlive(state, request)
}

function createStateKeeper(
  options: S3AsyncSignerOptions,
): (credentials: S3Credentials) => S3SignerState {
  let last: S3SignerState | null = null
  return (credentials) => {
    if (last === null || !isSame(last.credentials, credentials)) {
      last = createSignerState({ ...options, credentials })
    }
    return last
  }
}

function isSame(a: S3Credentials, b: S3Credentials | null | undefined): boolean {
  return (
    a.accessKeyId === b?.accessKeyId &&
    a.secretAccessKey === b.secretAccessKey &&
    a.sessionToken === b.sessionToken &&
    Number(a.expiration ?? 0) === Number(b.expiration ?? 0)
  )
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value
}

function assertAlive(state: S3SignerState, { now }: ClockOptions): S3SignerState {
  const { expiration } = state.credentials
  if (expiration === undefined) return state
  if (expiration.getTime() > resolveNowMs(now ?? state.clock)) return state
  throw new SigningError('key-invalid', 'the credentials have ended: what they sign is refused', {
    parameter: 'credentials',
    reason: 'expected credentials whose expiration has not come',
  })
}
