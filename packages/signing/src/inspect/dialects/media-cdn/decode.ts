/**
 * Reads what a Media CDN signature says of itself: signed URL, prefix, path component, cookie and token.
 * Verifies nothing.
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
import { hostHeader } from '../../facts/observed-url.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'

const TOKEN = 'edge-cache-token'
const COOKIE = 'Edge-Cache-Cookie'
const MIN_SIGNATURE_LENGTH = 41

/** What the signature of this request says of itself, or `null` if it is not one of Media CDN. */
export function decodeMediaCdn(request: ObservedRequest): Detection<'media-cdn'> | null {
  const { url } = request
  const query = valuesByName(url.parameters)
  const token = query.get(TOKEN)
  if (token !== undefined) {
    return describe(request, readFields(token, '~'), {
      form: 'url',
      secrets: presentNames(url, [TOKEN]),
    })
  }
  const inPath = readPathToken(url.path)
  if (inPath !== null) {
    const { fields, prefix } = inPath
    return describe(request, fields, { form: 'url', secrets: [TOKEN], pathPrefix: prefix })
  }
  if (query.has('keyname') && (query.get('signature') ?? '').length >= MIN_SIGNATURE_LENGTH) {
    return describe(request, query, { form: 'url', secrets: presentNames(url, ['Signature']) })
  }
  for (const [name, value] of cookiePairs(request)) {
    if (name === COOKIE)
      return describe(request, readFields(value, ':'), { form: 'cookie', secrets: [COOKIE] })
    if (name === TOKEN)
      return describe(request, readFields(value, '~'), { form: 'cookie', secrets: [TOKEN] })
  }
  return null
}

/** The token in a path, `…/edge-cache-token=Expires=1&KeyName=k&Signature=s/rest`, and what stands before it. */
function readPathToken(path: string): { prefix: string; fields: Map<string, string> } | null {
  const start = path.indexOf(`${TOKEN}=`)
  if (start === -1) return null
  const from = start + TOKEN.length + 1
  const slash = path.indexOf('/', from)
  const text = path.slice(from, slash === -1 ? path.length : slash)
  return { prefix: path.slice(0, start), fields: readFields(text, text.includes('~') ? '~' : '&') }
}

function readFields(text: string, separator: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const piece of text.slice(0, 16_384).split(separator)) {
    const equals = piece.indexOf('=')
    if (equals === -1) fields.set(piece.toLowerCase(), '')
    else fields.set(piece.slice(0, equals).toLowerCase(), piece.slice(equals + 1))
  }
  return fields
}

interface Place {
  readonly form: 'url' | 'cookie'
  readonly secrets: readonly string[]
  readonly pathPrefix?: string
}

function describe(
  request: ObservedRequest,
  values: ReadonlyMap<string, string>,
  { form, secrets, pathPrefix }: Place,
): Detection<'media-cdn'> {
  const keyId = values.get('keyname')
  const isToken = values.has('hmac') || values.has('fullpath') || values.has('pathglobs')
  return createDetection({
    dialect: 'media-cdn',
    scheme: isToken ? 'token' : pathPrefix === undefined ? 'signed request' : 'signed path',
    form,
    methods: ['GET', 'HEAD'],
    resource: resourceOf(request, values, pathPrefix),
    audience: { ip: decodeText(values.get('ipranges')), protocol: null, principal: null },
    startsAt: parseEpochSeconds(values.get('starts')),
    expiresAt: parseEpochSeconds(values.get('expires')),
    keyId: keyId === undefined ? null : showText(keyId, 80),
    signedHeaders: (values.get('headers') ?? '')
      .toLowerCase()
      .split(',')
      .filter(Boolean)
      .slice(0, 50),
    secrets,
  })
}

function resourceOf(
  request: ObservedRequest,
  values: ReadonlyMap<string, string>,
  pathPrefix: string | undefined,
): Detection<'media-cdn'>['resource'] {
  const prefix = decodeText(values.get('urlprefix'))
  if (prefix !== null) return { scope: 'prefix', text: prefix }
  const globs = values.get('pathglobs')
  if (globs !== undefined) return { scope: 'prefix', text: showText(globs) }
  if (pathPrefix !== undefined) {
    return { scope: 'prefix', text: showText(hostHeader(request.url) + pathPrefix) }
  }
  return { scope: 'object', text: resourceText(request.url) }
}

function decodeText(text: string | undefined): string | null {
  const bytes = text === undefined ? null : fromBase64Url(text)
  return bytes === null ? null : showText(new TextDecoder().decode(bytes))
}
