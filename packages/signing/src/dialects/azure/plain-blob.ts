/**
 * The usual SAS, for one blob and with nothing but permissions and an end: made from parts that stay the same from one
 * blob to the next. It gives what the long way round gives, which is still to be taken for everything else.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import { percentEncodePath } from '../../lib/percent-encode.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { PresignedRequest } from '../../types.ts'
import type { AzureServiceOptions, SignedToken } from './signed-token.ts'
import { signServiceToken } from './signed-token.ts'
import type { AzureTargetOptions } from './target.ts'
import { checkName } from './target.ts'
import type { AzureResponseHeaders, AzureTokenOptions } from './token.ts'
import { encodeSignature, prepareAzureKey } from './token.ts'

/** What a plain SAS is made from, beside its key. */
export interface PlainOptions extends AzureTokenOptions, AzureTargetOptions {
  readonly permissions?: string
  readonly responseHeaders?: AzureResponseHeaders
}

/** What the tokens of one second for one container have in common, and the options it was made from. */
export interface PlainParts {
  readonly account: string
  readonly endpoint: string | undefined
  readonly container: string
  readonly permissions: string
  readonly version: string | undefined
  readonly protocol: AzureTokenOptions['protocol']
  readonly expires: number
  readonly key: HmacKey
  readonly urlPrefix: string
  readonly tokenPrefix: string
  readonly stringPrefix: string
  readonly stringSuffix: string
}

const MAX_USUAL_SECONDS = 1_000_000_000
const partsByKey = createBoundedCache<string, PlainParts>(64)
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/** The URL of a plain service SAS, or `null` if the options ask for more than that. */
export function presignPlainBlob(options: AzureServiceOptions): PresignedRequest | null {
  const { blob } = options
  if (blob === undefined || !isPlain(options) || options.storedPolicy !== undefined) return null
  const expires = endOf(options)
  let parts = partsByKey.get(options.accountKey)
  if (parts === undefined || !isMadeFrom(parts, options, expires)) {
    const signed = signServiceToken({ ...options, blob: STAND_IN })
    const key = prepareAzureKey(options.accountKey, 'accountKey')
    parts = createParts(options, expires, key, signed)
    partsByKey.set(options.accountKey, parts)
  }
  return presignFromParts(parts, blob, options.method)
}

/** The URL of a blob by parts that were made from the same options. */
export function presignFromParts(
  parts: PlainParts,
  blob: string,
  method: string | undefined,
): PresignedRequest {
  const path = encodeName(blob)
  const stringToSign = parts.stringPrefix + blob + parts.stringSuffix
  const signature = encodeSignature(hmacBase64(parts.key, stringToSign))
  return {
    url: parts.urlPrefix + path + parts.tokenPrefix + signature,
    method: method ?? 'GET',
    headers: NO_HEADERS,
    expiresAt: new Date(parts.expires * 1000),
  }
}

// Nothing to escape, and no segment that begins with a dot: such a name needs no other check.
const PLAIN_CHARACTERS = /^[A-Za-z0-9\-._~/]+$/

function encodeName(name: string): string {
  if (typeof name === 'string' && PLAIN_CHARACTERS.test(name) && !name.includes('/.')) {
    if (!name.startsWith('.')) return name
  }
  checkName(name, 'blob')
  return percentEncodePath(name)
}

/** What `resolveExpiry` gives, without its dates in between for the usual case. */
export function endOf(options: PlainOptions): number {
  const { expiresInSeconds, expiresAt, now } = options
  const isUsual =
    expiresAt === undefined &&
    expiresInSeconds !== undefined &&
    Number.isInteger(expiresInSeconds) &&
    expiresInSeconds > 0 &&
    expiresInSeconds < MAX_USUAL_SECONDS
  if (!isUsual) return resolveExpiry(options)
  return Math.floor(resolveNowMs(now) / 1000) + expiresInSeconds
}

/** True if the options ask for nothing but a blob, permissions and an end. */
export function isPlain(options: PlainOptions): boolean {
  return (
    options.permissions !== undefined &&
    options.snapshot === undefined &&
    options.versionId === undefined &&
    options.directory === undefined &&
    options.responseHeaders === undefined &&
    options.startsAt === undefined &&
    options.ip === undefined &&
    options.encryptionScope === undefined
  )
}

/** True if the options, but for key and blob, are those the parts were made from. */
export function isMadeFrom(parts: PlainParts, options: PlainOptions, expires: number): boolean {
  return (
    parts.expires === expires &&
    parts.container === options.container &&
    parts.permissions === options.permissions &&
    parts.account === options.account &&
    parts.endpoint === options.endpoint &&
    parts.version === options.version &&
    parts.protocol === options.protocol
  )
}

/** A name that is never in a token, to cut one in two where the name stands. */
export const STAND_IN = 'a'

/** Takes apart, around the name, what was signed for {@link STAND_IN} the long way round, which checks every option. */
export function createParts(
  options: PlainOptions,
  expires: number,
  key: HmacKey,
  { endpoint, target, token, stringToSign }: SignedToken,
): PlainParts {
  const { resourcePath, urlPath } = target
  const nameAt = stringToSign.indexOf(`\n${resourcePath}\n`) + resourcePath.length
  return {
    account: options.account,
    endpoint: options.endpoint,
    container: options.container,
    permissions: options.permissions ?? '',
    version: options.version,
    protocol: options.protocol,
    expires,
    key,
    urlPrefix: endpoint + urlPath.slice(0, -STAND_IN.length),
    tokenPrefix: `?${token.slice(0, token.lastIndexOf('sig=') + 4)}`,
    stringPrefix: stringToSign.slice(0, nameAt),
    stringSuffix: stringToSign.slice(nameAt + STAND_IN.length),
  }
}
