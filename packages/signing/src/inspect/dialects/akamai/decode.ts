/**
 * Reads what an Akamai EdgeAuth 2.0 token says of itself, in a query, cookie or header. Verifies nothing.
 *
 * @module
 */
import {
  cookiePairs,
  createDetection,
  parseEpochSeconds,
  resourceText,
  showText,
} from '../../facts/detection.ts'
import type { Detection, ObservedRequest, SignatureForm } from '../../facts/dialect-facts.ts'

/** Names operators give the token; any other name counts too if the value has the shape of one. */
const USUAL_NAMES: ReadonlySet<string> = new Set(['__token__', 'hdnts', 'hdnea', 'hdntl', 'token'])
const SHAPE = /(?:^|~)exp=\d{1,12}(?:~|$)/
const MAX_TOKEN = 16_384

/** Where a token was found, and its `name=value` fields. */
export interface AkamaiToken {
  readonly name: string
  readonly text: string
  readonly form: SignatureForm
  readonly fields: ReadonlyMap<string, string>
}

/** What the token of this request says of itself, or `null` if it has none. */
export function decodeAkamai(request: ObservedRequest): Detection<'akamai'> | null {
  const token = findAkamaiToken(request)
  if (token === null) return null
  const { fields } = token
  const acl = fields.get('acl')
  return createDetection({
    dialect: 'akamai',
    scheme: acl === undefined ? 'EdgeAuth URL token' : 'EdgeAuth ACL token',
    form: token.form,
    resource:
      acl === undefined
        ? { scope: 'object', text: resourceText(request.url) }
        : { scope: /[*?!]/.test(acl) ? 'prefix' : 'object', text: showText(acl) },
    audience: {
      ip: showOrNull(fields.get('ip')),
      protocol: null,
      principal: showOrNull(fields.get('id')),
    },
    startsAt: parseEpochSeconds(fields.get('st')),
    expiresAt: parseEpochSeconds(fields.get('exp')),
    secrets: [token.name],
  })
}

/** The first value of the request that has the shape of a token. */
export function findAkamaiToken(request: ObservedRequest): AkamaiToken | null {
  for (const { rawName, value } of request.url.parameters) {
    const token = asToken(rawName, value, 'url')
    if (token !== null) return token
  }
  for (const [name, value] of cookiePairs(request)) {
    const token = asToken(name, value, 'cookie')
    if (token !== null) return token
  }
  for (const [name, value] of request.headers) {
    const token = USUAL_NAMES.has(name.toLowerCase()) ? asToken(name, value, 'header') : null
    if (token !== null) return token
  }
  return null
}

function asToken(name: string, value: string, form: SignatureForm): AkamaiToken | null {
  if (value.length > MAX_TOKEN) return null
  const isUsual = USUAL_NAMES.has(name.toLowerCase())
  const hasShape = SHAPE.test(value) || (isUsual && value.includes('exp=') && value.includes('~'))
  if (!hasShape || (!value.includes('hmac=') && !isUsual)) return null
  const fields = new Map<string, string>()
  for (const piece of value.split('~')) {
    const equals = piece.indexOf('=')
    if (equals > 0) fields.set(piece.slice(0, equals), piece.slice(equals + 1))
  }
  return { name, text: value, form, fields }
}

function showOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : showText(text, 120)
}
