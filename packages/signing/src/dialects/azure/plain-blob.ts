/**
 * The usual service SAS, for one blob and with nothing but permissions and an end: made from parts that stay the same
 * from one blob to the next. It gives what the long way round gives, and falls back to it for everything else.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import { percentEncodePath } from '../../lib/percent-encode.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import type { PresignedRequest } from '../../types.ts'
import type { AzureServiceOptions } from './signed-token.ts'
import { signServiceToken } from './signed-token.ts'
import { checkName } from './target.ts'
import { encodeSignature, prepareAzureKey } from './token.ts'

/** What the tokens of one second for one container have in common, and the options it was made from. */
interface Parts {
  readonly account: string
  readonly endpoint: string | undefined
  readonly container: string
  readonly permissions: string
  readonly version: string | undefined
  readonly protocol: AzureServiceOptions['protocol']
  readonly expires: number
  readonly key: HmacKey
  readonly urlPrefix: string
  readonly tokenPrefix: string
  readonly stringPrefix: string
  readonly stringSuffix: string
}

const MAX_USUAL_SECONDS = 1_000_000_000
const partsByKey = createBoundedCache<string, Parts>(64)
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/** The URL of a plain blob SAS, or `null` if the options ask for more than that. */
export function presignPlainBlob(options: AzureServiceOptions): PresignedRequest | null {
  const { blob, permissions } = options
  if (blob === undefined || permissions === undefined || !isPlain(options)) return null
  const expires = endOf(options)
  const known = partsByKey.get(options.accountKey)
  const parts =
    known !== undefined && isMadeFrom(known, options, expires)
      ? known
      : createParts(options, permissions, expires)
  const path = encodeName(blob)
  const stringToSign = parts.stringPrefix + blob + parts.stringSuffix
  const signature = encodeSignature(hmacBase64(parts.key, stringToSign))
  return {
    url: parts.urlPrefix + path + parts.tokenPrefix + signature,
    method: options.method ?? 'GET',
    headers: NO_HEADERS,
    expiresAt: new Date(expires * 1000),
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
function endOf(options: AzureServiceOptions): number {
  const { expiresInSeconds, expiresAt, now } = options
  const isUsual =
    expiresAt === undefined &&
    expiresInSeconds !== undefined &&
    Number.isInteger(expiresInSeconds) &&
    expiresInSeconds > 0 &&
    expiresInSeconds < MAX_USUAL_SECONDS
  if (!isUsual) return resolveExpiry(options)
  return Math.floor(resolveNow(now).getTime() / 1000) + expiresInSeconds
}

function isPlain(options: AzureServiceOptions): boolean {
  return (
    options.snapshot === undefined &&
    options.versionId === undefined &&
    options.directory === undefined &&
    options.storedPolicy === undefined &&
    options.responseHeaders === undefined &&
    options.startsAt === undefined &&
    options.ip === undefined &&
    options.encryptionScope === undefined
  )
}

function isMadeFrom(parts: Parts, options: AzureServiceOptions, expires: number): boolean {
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

// A name that is never in a token, to cut one in two where the name stands.
const STAND_IN = 'a'

/** Signs once the long way round, which checks every option, and takes the result apart around the name. */
function createParts(options: AzureServiceOptions, permissions: string, expires: number): Parts {
  const { endpoint, target, token, stringToSign } = signServiceToken({ ...options, blob: STAND_IN })
  const { resourcePath, urlPath } = target
  const nameAt = stringToSign.indexOf(`\n${resourcePath}\n`) + resourcePath.length
  const parts: Parts = {
    account: options.account,
    endpoint: options.endpoint,
    container: options.container,
    permissions,
    version: options.version,
    protocol: options.protocol,
    expires,
    key: prepareAzureKey(options.accountKey, 'accountKey'),
    urlPrefix: endpoint + urlPath.slice(0, -STAND_IN.length),
    tokenPrefix: `?${token.slice(0, token.lastIndexOf('sig=') + 4)}`,
    stringPrefix: stringToSign.slice(0, nameAt),
    stringSuffix: stringToSign.slice(nameAt + STAND_IN.length),
  }
  partsByKey.set(options.accountKey, parts)
  return parts
}
