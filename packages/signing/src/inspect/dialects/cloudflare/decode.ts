/**
 * Reads what a timed HMAC says of itself. The operator chooses what stands before it, so the shape of the value decides:
 * ten digits of seconds, a dash, and 32 bytes in base64. Verifies nothing.
 *
 * @module
 */
import { createDetection, parseEpochSeconds, resourceText } from '../../facts/detection.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'

/** A parameter of any name; the name may follow a second question mark, where a separator was appended to a query. */
const TOKEN = /[?&][^?&=]{1,64}=([1-9]\d{9})-((?:[A-Za-z0-9+/_=-]|%[0-9A-Fa-f]{2}){43,132})(?=&|$)/
/** The last of 43 digits holds four bits of the 32 bytes, and two that are zero. */
const LAST_DIGIT = 'AEIMQUYcgkosw048'
/** A plus that was read as a blank is told from a MAC that is none. */
const BASE64 = new RegExp(`^[A-Za-z0-9+/ ]{42}[${LAST_DIGIT}]=$`)
const BASE64URL = new RegExp(`^[A-Za-z0-9_-]{42}[${LAST_DIGIT}]$`)

/** The parts of a link. */
export interface CloudflareLink {
  /** Path and query in front of the separator, as sent. */
  readonly message: string
  /** What stands between message and time: `?verify=`. */
  readonly separator: string
  /** The time of issue, ten digits. */
  readonly issued: string
  /** The MAC without percent-encoding. */
  readonly mac: string
  /** What follows the MAC, from its ampersand on: nothing may. */
  readonly rest: string
}

/** The timed HMAC of a request, or `null`. One in a path, without a parameter's name, is not looked for. */
export function findCloudflareLink({ url }: ObservedRequest): CloudflareLink | null {
  if (url.query === null) return null
  const query = `?${url.query}`
  const found = TOKEN.exec(query)
  const [whole = '', issued = '', escaped = ''] = found ?? []
  const mac = percentDecode(escaped) ?? ''
  if (found === null || !(BASE64.test(mac) || BASE64URL.test(mac))) return null
  return {
    message: url.path + query.slice(0, found.index),
    separator: whole.slice(0, whole.indexOf('=') + 1),
    issued,
    mac,
    rest: query.slice(found.index + whole.length),
  }
}

/** What the link says of itself, or `null` if it is none. When it ends only the zone's rule says. */
export function decodeCloudflare(request: ObservedRequest): Detection<'cloudflare'> | null {
  const link = findCloudflareLink(request)
  if (link === null) return null
  const holder = request.url.parameters.find(({ rawValue }) => rawValue.includes(`${link.issued}-`))
  return createDetection({
    dialect: 'cloudflare',
    scheme: 'timed HMAC',
    resource: { scope: 'object', text: resourceText(request.url) },
    startsAt: parseEpochSeconds(link.issued),
    secrets: [holder?.rawName ?? link.separator.slice(1, -1)],
  })
}
