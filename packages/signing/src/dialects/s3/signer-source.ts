/**
 * Makes a signer's parts for the credentials of the moment: they are kept while the credentials stay the same, and made anew when
 * those are renewed.
 *
 * @module
 */
import type { S3Credentials } from './credentials.ts'
import { currentCredentials } from './credentials.ts'
import type { S3SignerOptions } from './signer-state.ts'

/** Who signs, for where, with credentials that may have to be waited for. */
export interface S3AsyncSignerOptions extends Omit<S3SignerOptions, 'credentials'> {
  /** The key pair, or a function that is asked for it at each signature, such as a credential provider of the AWS SDK. */
  readonly credentials: S3Credentials | (() => S3Credentials | Promise<S3Credentials>)
}

/** What is made of options whose credentials are at hand. */
type Make<Parts> = (options: S3SignerOptions) => Parts

/** The parts for one request. A mistake in fixed credentials shows here, not at the first request. */
export function createSignerSource<Parts>(
  options: S3SignerOptions,
  make: Make<Parts>,
): () => Parts {
  const { credentials } = options
  if (typeof credentials !== 'function') return always(make(options))
  const partsFor = keepWhileSame(options, make)
  return () => partsFor(currentCredentials(credentials))
}

/** The same for credentials that may have to be waited for. */
export function createAsyncSignerSource<Parts>(
  options: S3AsyncSignerOptions,
  make: Make<Parts>,
): () => Promise<Parts> {
  const { credentials } = options
  if (typeof credentials !== 'function')
    return always(Promise.resolve(make({ ...options, credentials })))
  const partsFor = keepWhileSame(options, make)
  return async () => partsFor(await credentials())
}

function always<Value>(value: Value): () => Value {
  return () => value
}

function keepWhileSame<Parts>(
  options: S3AsyncSignerOptions,
  make: Make<Parts>,
): (credentials: S3Credentials) => Parts {
  let last: { readonly credentials: S3Credentials; readonly parts: Parts } | null = null
  return (credentials) => {
    if (last === null || !isSame(last.credentials, credentials)) {
      const parts = make({ ...options, credentials })
      last = { credentials: { ...credentials }, parts }
    }
    return last.parts
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
