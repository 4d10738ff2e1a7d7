/**
 * What Cloud CDN's presigners and verifiers take, and the key all of them share.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64Url } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { assertKeyName } from '../../lib/google-cdn.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { ClockOptions } from '../../types.ts'
import { sha1 } from '../../lib/sha1.ts'

/** Who signs. */
export interface CloudCdnSignerOptions extends ClockOptions {
  /** The name under which the key was added to the backend. */
  readonly keyName: string
  /** The 16 bytes of the key in base64url, as the file given to `gcloud` holds them. */
  readonly key: string
}

/** Who signs, and until when. */
export type CloudCdnTokenOptions = CloudCdnSignerOptions & ExpiryOptions

/** How to check signed URLs, prefixes and cookies. */
export interface CloudCdnVerifierOptions extends ClockOptions {
  /** The key of that name in base64url; `null` or `undefined` if there is none (any more). */
  readonly lookup: (keyName: string) => CloudCdnKey
  /** Methods the link may be used with, since the signature covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a look-up finds. */
export type CloudCdnKey = string | null | undefined

/** The asynchronous twin, whose look-up may wait. */
export interface CloudCdnAsyncVerifierOptions extends Omit<CloudCdnVerifierOptions, 'lookup'> {
  readonly lookup: (keyName: string) => CloudCdnKey | Promise<CloudCdnKey>
}

/** How to check one. */
export type VerifyCloudCdnOptions = CloudCdnVerifierOptions

/** The same, for look-ups that wait. */
export type VerifyCloudCdnAsyncOptions = CloudCdnAsyncVerifierOptions

/** What a checked signature says. */
export interface VerifiedCloudCdn {
  readonly keyName: string
  readonly expiresAt: Date
  /** Everything that begins with it is open; `null`: this one URL. */
  readonly urlPrefix: string | null
}

/** The name Cloud CDN reads its cookie under. */
export const CLOUD_CDN_COOKIE_NAME = 'Cloud-CDN-Cookie'

const KEY_BYTES = 16

/** The HMAC key behind its base64url; anything but 16 bytes is `key-invalid`. */
export function prepareCloudCdnKey(key: string): HmacKey {
  const bytes = typeof key === 'string' ? fromBase64Url(key) : null
  if (bytes?.length !== KEY_BYTES) {
    throw new SigningError('key-invalid', 'key must be 16 bytes in base64url', {
      parameter: 'key',
      reason: 'expected 16 bytes in base64url',
    })
  }
  return prepareHmacKey(sha1, bytes)
}

/** The key of a signer whose key name has been checked. */
export function prepareSigner(signer: CloudCdnSignerOptions): HmacKey {
  requireOptions(signer, 'keyName', 'key')
  assertKeyName(signer.keyName)
  return prepareCloudCdnKey(signer.key)
}
