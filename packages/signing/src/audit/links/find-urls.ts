/**
 * Finds signed URLs in any text: absolute ones, bare targets of access logs, and URLs that were
 * percent-encoded, JSON-escaped or HTML-escaped on the way there.
 *
 * @module
 */
import type { Detection } from '../../inspect/facts/dialect-facts.ts'
import { detect } from '../../inspect/detect.ts'
import { redact } from '../../redact/redact.ts'
import { REDACTED, findSecrets } from '../../redact/engine.ts'
import { isShareToken } from '../../redact/share-address.ts'
import type { Secret } from '../../redact/verdict.ts'

/** A signed URL in a text. */
export interface FoundUrl {
  readonly kind: 'url'
  readonly start: number
  readonly end: number
  /** What the URL says of itself. */
  readonly detection: Detection
  readonly scheme: string | null
  /** The method that stands before the target in an access log. */
  readonly method: string | null
  /** The URL without its secrets. */
  readonly redacted: string
}

/** A signature, token or key that belongs to no URL. */
export interface FoundSecret {
  readonly kind: 'secret'
  readonly start: number
  readonly end: number
  /** What stands around it, without it. */
  readonly redacted: string
  /** It is the address of a share of Hallpass, which opens a page by itself. */
  readonly isShare: boolean
}

export type Found = FoundUrl | FoundSecret

/** No URL is looked for beyond this distance from its secret. */
const REACH = 8192
const EXCERPT = 200
const LOOSE_CONTEXT = 80
const BOUNDARY = new Set(Array.from(' \t\r\n"\'`<>|', (character) => character.charCodeAt(0)))
const MAX_LAYERS = 3
const SCHEME_STARTS = [
  '://',
  ':\\/\\/',
  '%3A%2F%2F',
  '%3a%2f%2f',
  '%253A%252F%252F',
  '%253a%252f%252f',
]

interface Around {
  readonly found: Found
  /** Secrets before this place belong to what was found. */
  readonly coveredTo: number
}

/** Everything signed in the text, in order. Linear: no part of the text is read more than a few times. */
export function findSigned(text: string): Found[] {
  const all: Found[] = []
  let covered = 0
  for (const secret of findSecrets(text)) {
    if (secret.start < covered) {
      covered = Math.max(covered, secret.end)
      continue
    }
    const { found, coveredTo } = findAround(text, secret, covered)
    all.push(found)
    covered = coveredTo
  }
  return all
}

function findAround(text: string, secret: Secret, lowest: number): Around {
  const tokenStart = scanBack(text, secret.start, Math.max(lowest, secret.start - REACH))
  const start = urlStart(text, tokenStart, secret.start)
  if (start === null) return { found: looseSecret(text, secret, lowest), coveredTo: secret.end }
  const tokenEnd = scanForward(text, secret.end)
  const end = urlEnd(text, start, secret.end, tokenEnd)
  const url = decodeToken(text.slice(start, end))
  const detection = detect(url)
  if (detection?.form !== 'url') {
    return { found: looseSecret(text, secret, lowest), coveredTo: tokenEnd }
  }
  const found: FoundUrl = {
    kind: 'url',
    start,
    end,
    detection,
    scheme: /^([a-z]{2,6}):\/\//i.exec(url)?.[1]?.toLowerCase() ?? null,
    method: methodBefore(text, start),
    redacted: shorten(redact(url)),
  }
  return { found, coveredTo: end }
}

/** `lowest` is behind every earlier secret: half of one would not be recognised as one. */
function looseSecret(text: string, secret: Secret, lowest: number): FoundSecret {
  const before = text.slice(Math.max(lowest, secret.start - LOOSE_CONTEXT), secret.start)
  const excerpt = before.slice(before.lastIndexOf('\n') + 1) + REDACTED
  const { start, end } = secret
  return {
    kind: 'secret',
    start,
    end,
    redacted: excerpt.trim(),
    isShare: isShareToken(text, start),
  }
}

function scanBack(text: string, from: number, lowest: number): number {
  let at = from
  while (at > lowest && !BOUNDARY.has(text.charCodeAt(at - 1))) at -= 1
  return at
}

function scanForward(text: string, from: number): number {
  const highest = Math.min(text.length, from + REACH)
  let at = from
  while (at < highest && !BOUNDARY.has(text.charCodeAt(at))) at += 1
  return at
}

/** Where the URL begins that holds the secret: the last scheme before it, or the slash of a bare target. */
function urlStart(text: string, tokenStart: number, secretStart: number): number | null {
  const before = text.slice(tokenStart, secretStart)
  let best = -1
  for (const mark of SCHEME_STARTS) {
    const at = before.lastIndexOf(mark)
    const scheme =
      at === -1 ? null : /[A-Za-z][A-Za-z0-9+.-]{1,9}$/.exec(before.slice(Math.max(0, at - 10), at))
    if (scheme !== null) best = Math.max(best, at - scheme[0].length)
  }
  if (best !== -1) return tokenStart + stripPrefix(before.slice(best)) + best
  const slash = before.indexOf('/')
  return slash === -1 ? null : tokenStart + slash
}

/** `xhttps` or `3Dhttps`: letters that came before the scheme, because nothing separated them. */
function stripPrefix(text: string): number {
  const scheme = /^[A-Za-z0-9+.-]*?(?=https?(?::|%))/i.exec(text)
  return scheme?.[0].length ?? 0
}

/** An encoded URL ends at the first plain `&`; a link in Markdown at its bracket. */
function urlEnd(text: string, start: number, secretEnd: number, tokenEnd: number): number {
  const isEncoded = /^[A-Za-z]{2,6}%/.test(text.slice(start, start + 8))
  let end = tokenEnd
  if (isEncoded) {
    const mark = text.slice(secretEnd, tokenEnd).search(/[&;,)]/)
    if (mark !== -1) end = secretEnd + mark
  }
  const rest = text.slice(secretEnd, end)
  const backslash = rest.search(/\\(?![/u])/)
  if (backslash !== -1) return secretEnd + backslash
  // A bracket behind the last parameter closes something around the URL; CDN77's end stands behind a comma.
  const last = Math.max(rest.lastIndexOf('&'), rest.lastIndexOf('='), 0)
  const bracket = rest.slice(last).search(/[)\]}]|,(?!\d{10}(?!\d))/)
  return bracket === -1 ? end : secretEnd + last + bracket
}

/** The URL as its client would send it. */
function decodeToken(token: string): string {
  let url = token
    .replaceAll('\\/', '/')
    .replaceAll(/\\+u0026/gi, '&')
    .replaceAll(/\\+u003d/gi, '=')
    .replaceAll(/&amp;|&#38;|&#x26;/gi, '&')
  for (let layer = 0; layer < MAX_LAYERS && /^[A-Za-z]{2,6}%(?:25)*3A/i.test(url); layer += 1) {
    try {
      url = decodeURIComponent(url)
    } catch {
      return url
    }
  }
  return url
}

function methodBefore(text: string, start: number): string | null {
  const before = text.slice(Math.max(0, start - 10), start)
  return /(?:^|[^A-Za-z])(GET|HEAD|PUT|POST|DELETE|PATCH|OPTIONS)\s+$/.exec(before)?.[1] ?? null
}

function shorten(text: string): string {
  return text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT)}…`
}
