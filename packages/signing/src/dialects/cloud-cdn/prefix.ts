/**
 * Cloud CDN signed prefixes: one signature that opens every URL below it.
 *
 * @module
 */
import { checkOptions, NUMBER, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { appendToUrl, requireUrlPrefix } from '../../lib/google-cdn.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PrefixSigner } from '../../types.ts'
import type { CloudCdnTokenOptions } from './params.ts'
import { prepareSigner } from './params.ts'
import { formatPrefixText, signCloudCdnText } from './string-to-sign.ts'

/** What to open. */
export type CloudCdnPrefixOptions = CloudCdnTokenOptions & {
  /** Scheme, host and optional path. End it with a slash: `…/videos` also opens `…/videos-internal/`. */
  readonly urlPrefix: string
}

/** One signature for many files. */
export interface CloudCdnPrefix extends PrefixSigner {
  readonly urlPrefix: string
  /** The four fields to append to any URL below the prefix. */
  readonly query: string
}

/** Of the cookie, too. */
export const PREFIX_OPTIONS: OptionTable<CloudCdnPrefixOptions> = {
  keyName: TEXT,
  key: TEXT,
  urlPrefix: TEXT,
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
}

/** A signature over a prefix, to be appended to as many URLs as there are. @throws {SigningError} `key-invalid` */
export function createCloudCdnPrefix(options: CloudCdnPrefixOptions): CloudCdnPrefix {
  checkOptions(options, PREFIX_OPTIONS)
  const { urlPrefix, keyName } = options
  requireUrlPrefix(urlPrefix)
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const text = formatPrefixText(urlPrefix, expires, keyName, '&')
  const query = `${text}&Signature=${signCloudCdnText(key, text)}`
  const expiresAt = new Date(expires * 1000)
  return {
    urlPrefix,
    expiresAt,
    query,
    ...createSigner((url: string) => ({
      url: appendToUrl(url, urlPrefix, query),
      method: 'GET',
      headers: {},
      expiresAt,
    })),
  }
}
