/**
 * Makes signed URLs for Google Cloud Storage [GCS-V4-SIGNATURES]. The query of the URL is the canonical one, so what
 * is sent is what was signed.
 *
 * @module
 */

import { FLAG, LIST, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveLifeSeconds } from '../../lib/expiry.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import { formatBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import {
  canonicalV4HeaderValue,
  createV4Scope,
  formatV4HeaderLines,
  formatV4Query,
} from '../../lib/v4.ts'
import type { V4Scope } from '../../lib/v4.ts'
import type { Pairs, PresignedRequest } from '../../types.ts'
import type { GcsAddress, GcsLocation } from './address.ts'
import { resolveGcsLocation } from './address.ts'
import type {
  GcsAsyncSignerOptions,
  GcsKey,
  GcsKeySigner,
  GcsRemoteKey,
  GcsSignerOptions,
} from './keys.ts'
import { GCS_SIGNER_OPTIONS, prepareGcsSigner } from './keys.ts'
import type { GcsNamedOptions } from './named-options.ts'
import { headersWithNames, queryWithNames } from './named-options.ts'
import {
  CONTENT_SHA256,
  GCS_SCHEME,
  MAX_EXPIRES_SECONDS,
  SERVICE,
  UNSIGNED_PAYLOAD,
  isControlParameter,
} from './params.ts'
import { formatGcsStringToSign } from './string-to-sign.ts'

/** What {@link presignGcs} needs beside a key. The life, from `now` cut to the second, is at most 604800 seconds, a week. */
export type GcsRequestOptions = GcsAddress &
  ExpiryOptions &
  GcsNamedOptions & {
    /** `null` is the bucket itself, whose `GET` is a listing; nobody gets that for a name that was forgotten. */
    readonly object: string | null
    /**
     * The only method the URL works with: `GET`, `HEAD`, `PUT`, `DELETE`, or `POST` to start a resumable upload, for
     * which the header `x-goog-resumable: start` must be signed too.
     */
    readonly method: string
    /** Further parameters, signed like the rest: `response-content-type`, `generation`, `userProject`. */
    readonly query?: Pairs | undefined
    /**
     * Headers that whoever uses the URL must send, with these values. `Host` is signed anyway.
     */
    readonly headers?: Pairs | undefined
    /** Where the credential scope says the bucket is. `auto` by default, which fits all. */
    readonly location?: string | undefined
  }

/** What {@link presignGcs} needs. */
export type PresignGcsOptions = GcsRequestOptions & {
  readonly key: GcsKey
}

/** What {@link presignGcsAsync} needs: any key, also one that stays with Google. */
export type PresignGcsAsyncOptions = GcsRequestOptions & {
  readonly key: GcsKey | GcsRemoteKey
}

/**
 * A signed URL for one request. Whoever makes more than one makes a signer with `createGcsSigner`, which reads the key once.
 *
 * @throws {TypeError | RangeError} naming the option
 * @throws {SigningError} `key-invalid`, `sync-crypto-unavailable` (use {@link presignGcsAsync})
 *
 * @example
 * ```ts
 * const { url } = presignGcs({
 *   key: JSON.parse(await readFile('service-account.json', 'utf8')),
 *   method: 'GET',
 *   bucket: 'my-bucket',
 *   object: 'reports/2026.pdf',
 *   expiresInSeconds: 300,
 * })
 * ```
 */
export function presignGcs(options: PresignGcsOptions): PresignedRequest {
  return signOnce(options, PRESIGN_OPTIONS, prepareSigning)
}

/** The same over WebCrypto, and for keys that stay with Google: `key.signBlob` is called once. */
export async function presignGcsAsync(options: PresignGcsAsyncOptions): Promise<PresignedRequest> {
  return signOnce(options, PRESIGN_OPTIONS, prepareAsyncSigning)
}

function prepareSigning(
  options: GcsSignerOptions,
): (request: GcsRequestOptions) => PresignedRequest {
  const signer = prepareGcsSigner(options)
  return (request) => presignWith(signer, request)
}

function prepareAsyncSigning(
  options: GcsAsyncSignerOptions,
): (request: GcsRequestOptions) => Promise<PresignedRequest> {
  const signer = prepareGcsSigner(options)
  return async (request) => presignAsyncWith(signer, request)
}

/** A signed URL by a key that is prepared, of options that are checked. */
export function presignWith(signer: GcsKeySigner, options: GcsRequestOptions): PresignedRequest {
  const draft = draftRequest(options, signer)
  return finish(options, draft, signer.sign(draft.stringToSign, draft.scope))
}

/** The same over WebCrypto. */
export async function presignAsyncWith(
  signer: GcsKeySigner,
  options: GcsRequestOptions,
): Promise<PresignedRequest> {
  const draft = draftRequest(options, signer)
  return finish(options, draft, await signer.signAsync(draft.stringToSign, draft.scope))
}

interface Draft {
  readonly location: GcsLocation
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly scope: V4Scope
  readonly stringToSign: string
  readonly expiresAt: Date
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST']

export const PRESIGN_OPTIONS: SignerOptionTable<GcsSignerOptions, GcsRequestOptions> =
  /* @__PURE__ */ signerOptionTable({
    signer: GCS_SIGNER_OPTIONS,
    request: {
      now: true,
      bucket: TEXT,
      endpoint: TEXT,
      addressing: TEXT,
      bucketBoundOrigin: TEXT,
      object: true,
      method: TEXT,
      query: OBJECT,
      headers: OBJECT,
      location: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      contentLength: NUMBER,
      contentLengthRange: LIST,
      contentType: TEXT,
      filename: TEXT,
      isInline: FLAG,
    },
  })

function draftRequest(
  options: GcsRequestOptions,
  { algorithm, clock, keyId }: GcsKeySigner,
): Draft {
  requireOptions(options, 'method')
  const { method } = options
  if (!METHODS.includes(method))
    throw new TypeError('method must be GET, HEAD, PUT, DELETE or POST')
  const now = resolveNow(options.now ?? clock)
  const lifeSeconds = resolveLifeSeconds(options, now.getTime(), MAX_EXPIRES_SECONDS)
  const timestamp = formatBasicTimestamp(now)
  const location = resolveGcsLocation(options, options.object)
  const scope = createGcsScope(timestamp, options.location)
  const headers = checkHeaders(headersWithNames(options, options.headers))
  const { headerLines, signedHeaders } = formatV4HeaderLines([
    ...headers,
    ['host', location.signedHost],
  ])
  const query = formatV4Query([
    ['X-Goog-Algorithm', algorithm],
    ['X-Goog-Credential', `${keyId}/${scope.text}`],
    ['X-Goog-Date', timestamp],
    ['X-Goog-Expires', String(lifeSeconds)],
    ['X-Goog-SignedHeaders', signedHeaders],
    ...checkQuery(queryWithNames(options, options.query)),
  ])
  const payloadHash = headers.find(([name]) => name === CONTENT_SHA256)?.[1] ?? UNSIGNED_PAYLOAD
  const parts = { method, path: location.path, query, headerLines, signedHeaders, payloadHash }
  return {
    location,
    query,
    headers: Object.fromEntries(headers),
    scope,
    stringToSign: formatGcsStringToSign({ algorithm, timestamp, scope }, parts),
    expiresAt: new Date((Math.floor(now.getTime() / 1000) + lifeSeconds) * 1000),
  }
}

/** The scope of a timestamp's day. @throws {TypeError} */
export function createGcsScope(timestamp: string, location = 'auto'): V4Scope {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(location))
    throw new TypeError('location must be a location name')
  return createV4Scope(GCS_SCHEME, timestamp.slice(0, 8), location, SERVICE)
}

function finish({ method }: GcsRequestOptions, draft: Draft, signature: string): PresignedRequest {
  const { location, query, headers, expiresAt } = draft
  return {
    url: `${location.origin}${location.path}?${query}&X-Goog-Signature=${signature}`,
    method,
    headers,
    expiresAt,
  }
}

// A header's name may hold more than a token's characters: Google's own vectors have a slash in one.
const HEADER_NAME = /^[!-9<-~]+$/
// oxlint-disable-next-line no-control-regex
const HEADER_VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/

function checkHeaders(headers: PairList): PairList {
  const list: (readonly [string, string])[] = []
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (!HEADER_NAME.test(name) || lower === 'host') {
      throw new TypeError(
        'headers must have names without blank, colon and semicolon, and not host',
      )
    }
    if (typeof value !== 'string' || !HEADER_VALUE.test(value) || !value.isWellFormed()) {
      throw new TypeError('headers must have values without control characters')
    }
    if (list.some(([other]) => other === lower)) {
      throw new TypeError('headers must name each one once')
    }
    list.push([lower, canonicalV4HeaderValue(value)])
  }
  return list
}

type PairList = readonly (readonly [string, string])[]

function checkQuery(list: PairList): PairList {
  for (const [name, value] of list) {
    if (isControlParameter(name)) throw new TypeError(`query must not hold ${name}`)
    if (name === '' || !name.isWellFormed() || typeof value !== 'string' || !value.isWellFormed()) {
      throw new TypeError('query must have well-formed names and values')
    }
  }
  return list
}
