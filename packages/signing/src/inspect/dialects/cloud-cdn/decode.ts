/**
 * Reads what a Cloud CDN signature says of itself: signed URL, URL prefix and cookie. Verifies nothing.
 *
 * @module
 */
import { fromBase64Url } from '../../../lib/bytes.ts'
import {
  cookiePairs,
  createDetection,
  parseEpochSeconds,
  presentNames,
  resourceText,
  showText,
  valuesByName,
} from '../../facts/detection.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'

const COOKIE = 'Cloud-CDN-Cookie'
/** Ed25519 signatures of the sister product have 64 bytes, HMAC-SHA1 ones 20: 28 characters at most. */
const MAX_SIGNATURE_LENGTH = 40

/** What the signature of this request says of itself, or `null` if it is not one of Cloud CDN. */
export function decodeCloudCdn(request: ObservedRequest): Detection<'cloud-cdn'> | null {
  const { url } = request
  const query = valuesByName(url.parameters)
  const isOurs =
    query.has('keyname') &&
    (query.has('signature') || query.has('expires')) &&
    (query.get('signature') ?? '').length <= MAX_SIGNATURE_LENGTH
  if (isOurs) return describe(request, query, 'url', presentNames(url, ['Signature']))
  const cookie = cookiePairs(request).find(([name]) => name === COOKIE)?.[1]
  if (cookie === undefined) return null
  return describe(request, readCookieFields(cookie), 'cookie', [COOKIE])
}

/** `Name=value` pieces joined by colons, names in lower case. */
function readCookieFields(cookie: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const piece of cookie.slice(0, 8192).split(':')) {
    const equals = piece.indexOf('=')
    if (equals > 0) fields.set(piece.slice(0, equals).toLowerCase(), piece.slice(equals + 1))
  }
  return fields
}

function describe(
  request: ObservedRequest,
  values: ReadonlyMap<string, string>,
  form: 'url' | 'cookie',
  secrets: readonly string[],
): Detection<'cloud-cdn'> {
  const prefix = readPrefix(values.get('urlprefix'))
  const keyId = values.get('keyname')
  return createDetection({
    dialect: 'cloud-cdn',
    scheme: prefix === null ? 'signed URL' : form === 'cookie' ? 'signed cookie' : 'signed prefix',
    form,
    methods: ['GET', 'HEAD'],
    resource:
      prefix === null
        ? { scope: 'object', text: resourceText(request.url) }
        : { scope: 'prefix', text: showText(prefix) },
    expiresAt: parseEpochSeconds(values.get('expires')),
    keyId: keyId === undefined ? null : showText(keyId, 80),
    secrets,
  })
}

/** The URL prefix a `URLPrefix` value holds, or `null`. */
function readPrefix(text: string | undefined): string | null {
  if (text === undefined) return null
  const bytes = fromBase64Url(text.slice(0, 8192))
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
