/**
 * What happened to the text of a URL between signer and client. Each rule recognises one damage and undoes it,
 * so that the rest can be judged.
 *
 * @module
 */
import type { CauseFacts, Finding } from '../facts/dialect-facts.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { restoreEatenEscapes } from './eaten-escapes.ts'
import { unwrapLink } from './link-wrappers.ts'

/** One kind of damage. */
interface TextRule {
  readonly code: Finding['code']
  readonly confidence: number
  /** The text without the damage, or `null` if it has none of the kind. */
  readonly repair: (text: string) => { text: string; facts?: CauseFacts } | null
}

const RULES: readonly TextRule[] = [
  { code: 'url-invisible-character', confidence: 0.96, repair: dropInvisible },
  { code: 'url-escapes-eaten', confidence: 0.98, repair: restoreEatenEscapes },
  { code: 'url-wrapped', confidence: 0.96, repair: unwrapLink },
  { code: 'url-trailing-junk', confidence: 0.9, repair: cutOut },
  { code: 'url-line-broken', confidence: 0.97, repair: unquotePrintable },
  { code: 'url-line-broken', confidence: 0.96, repair: joinLines },
  { code: 'url-json-escaped', confidence: 0.98, repair: unescapeJson },
  { code: 'url-html-escaped', confidence: 0.98, repair: unescapeHtml },
  { code: 'url-trailing-junk', confidence: 0.97, repair: dropJunk },
  { code: 'url-wrapped', confidence: 0.9, repair: unwrap },
  { code: 'url-double-encoded', confidence: 0.97, repair: decodeOnce },
  { code: 'url-fragment', confidence: 0.95, repair: encodeHash },
  { code: 'url-question-mark', confidence: 0.95, repair: encodeQuestionMark },
]

/** The damages found, and the text with all of them undone. */
export function repairText(original: string): { text: string; findings: Finding[] } {
  const findings: Finding[] = []
  let text = original
  for (const { code, confidence, repair } of RULES) {
    const repaired = repair(text)
    if (repaired === null || repaired.text === text) continue
    text = repaired.text
    findings.push({
      code,
      confidence,
      ...(repaired.facts === undefined ? {} : { facts: repaired.facts }),
    })
  }
  return { text, findings }
}

const INVISIBLE =
  /[\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u2018\u2019\u201c\u201d\u2010-\u2014\u2026]/g
const TYPOGRAPHIC_DASH = /[\u2010-\u2014]/g

function dropInvisible(text: string): ReturnType<TextRule['repair']> {
  const at = text.search(INVISIBLE)
  if (at === -1) return null
  const point = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  const repaired = text.replace(TYPOGRAPHIC_DASH, '-').replace(INVISIBLE, '')
  return { text: repaired, facts: { character: `U+${point}` } }
}

/** Quoted-printable writes `=3D` for every equals sign: no URL has that in front of each value. */
function unquotePrintable(text: string): ReturnType<TextRule['repair']> {
  const joined = text.replace(/=\r?\n/g, '')
  const pieces = joined.slice(joined.indexOf('?') + 1).split('&')
  const isQuoted =
    pieces.length > 1 &&
    pieces.filter((piece) => /^[^=]{1,80}=3D/i.test(piece)).length > pieces.length / 2
  if (!isQuoted) return null
  const plain = joined.replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return { text: plain, facts: { where: 'quoted-printable' } }
}

function joinLines(text: string): ReturnType<TextRule['repair']> {
  const trimmed = text.trim()
  const mark = trimmed.indexOf('?')
  // A blank in the path is an unescaped name, which browsers escape; in the query there is none.
  const isBroken = /[\r\n\t]/.test(trimmed) || (mark !== -1 && trimmed.includes(' ', mark))
  if (!isBroken) return trimmed === text ? null : { text: trimmed }
  return { text: trimmed.replace(/=?\r?\n[>\s]*/g, lineEnd).replace(/\s+/g, '') }
}

/** A soft break of quoted-printable keeps its `=` only if the line ended in a parameter name. */
function lineEnd(match: string): string {
  return match.startsWith('=') ? '=' : ''
}

function unescapeJson(text: string): ReturnType<TextRule['repair']> {
  const found = /\\u00(?:26|3d|2f|25)|\\x26|\\\//i.exec(text)
  if (found === null) return null
  const repaired = text
    .replace(/\\u00(26|3d|2f|25)/gi, fromHexCode)
    .replace(/\\x(26|3d)/gi, fromHexCode)
    .replaceAll('\\/', '/')
  return { text: repaired, facts: { escape: found[0] } }
}

function fromHexCode(_: string, code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16))
}

function unescapeHtml(text: string): ReturnType<TextRule['repair']> {
  const found = /&(?:amp|#38|#x26);/i.exec(text)
  if (found === null) return null
  const repaired = text.replace(/&(?:amp|#38|#x26);/gi, '&').replace(/&(?:#61|#x3d|equals);/gi, '=')
  return { text: repaired, facts: { escape: found[0] } }
}

const JUNK = /(?:[)\]}>"'`,;.!*|\\]|&(?:gt|quot);|%22|%3E|%29)+$/i
const MAX_JUNK = 20
/** A value that is nothing but stars, or stands in brackets as a whole, was put there by a redactor. */
const PLACEHOLDER_END = /=(?:\*+|\[[a-z-]*\]|<[a-z-]*>|\([a-z-]*\)|%5B[a-z-]*%5D)$/i

function dropJunk(text: string): ReturnType<TextRule['repair']> {
  const opening = /^[<("'`[]+/.exec(text)?.[0] ?? ''
  const inner = text.slice(opening.length)
  const tail = inner.slice(-MAX_JUNK)
  const junk = JUNK.exec(tail)?.[0] ?? ''
  if (opening === '' && junk === '') return null
  if (!inner.includes('?') || PLACEHOLDER_END.test(tail)) return null
  const repaired = inner.slice(0, inner.length - junk.length)
  return { text: repaired, facts: { junk: junk === '' ? opening : junk } }
}

const BEFORE = /^(?:(?:GET|PUT|POST|HEAD|DELETE|curl)\s+["']?|[[!][^\]\s]{0,200}\]\()(?=https?:)/

/** A command, or an element of HTML: the URL stands in quotes or between blanks. */
const AROUND =
  /^\s*(?:(?:\$ )?(?:curl|wget|http|https|xh|aria2c)\s[^\n]{0,400}?|<[a-z]{1,10}\s[^>]{0,400}?(?:href|src)\s{0,3}=\s{0,3})(?=["']?https?:\/\/)/i

/** Chats write a link as `<address|text>`. */
const CHAT_LINK = /^\s*<(https?:[^\s|<>]{1,16384})(\|[^|<>]{0,200}>)\s*$/

/** A line of a log, a command, an element or a Markdown link: the URL is what stands between. */
function cutOut(text: string): ReturnType<TextRule['repair']> {
  const [, linked, label = ''] = CHAT_LINK.exec(text) ?? []
  return linked === undefined ? cutOutOfLine(text) : { text: linked, facts: { junk: label } }
}

function cutOutOfLine(text: string): ReturnType<TextRule['repair']> {
  const around = AROUND.exec(text)?.[0]
  if (around !== undefined) {
    const url = /^["']?([^\s"'<>]+)/.exec(text.slice(around.length))?.[1] ?? ''
    return url === '' ? null : { text: url, facts: { junk: around.trim().slice(0, 40) } }
  }
  const before = BEFORE.exec(text)?.[0]
  const rest = before === undefined ? text : text.slice(before.length)
  const protocol = / HTTP\/[\d.]{1,3}["']?\s*$/.exec(rest.slice(-20))?.[0] ?? ''
  if (before === undefined && protocol === '') return null
  const repaired = rest.slice(0, rest.length - protocol.length)
  return { text: repaired, facts: { junk: (before ?? protocol).trim() } }
}

/** Link rewriters of mail filters and search engines: a whole signed URL as the value of a parameter. */
function unwrap(text: string): ReturnType<TextRule['repair']> {
  const mark = text.indexOf('?')
  if (mark === -1) return null
  for (const piece of text.slice(mark + 1).split('&', 50)) {
    const equals = piece.indexOf('=')
    const value = piece.slice(equals + 1)
    if (equals === -1 || !/^https?(?:%3a|:)/i.test(value)) continue
    const inner = percentDecode(value) ?? decodeText(value)
    const hasSignature = /[?&](?:x-amz-|x-goog-|sig=|signature=|key-pair-id=|temp_url_sig=)/i.test(
      inner,
    )
    const host = /^https?:\/\/([^/?#]{1,100})/i.exec(text)?.[1] ?? 'another site'
    if (hasSignature) return { text: inner, facts: { host } }
  }
  return null
}

const SIGNATURE_NAME =
  /(?:x-amz-|x-goog-|sig(?:nature)?(?:=|%3d)|key-pair-id|temp_url|expires|keyname|token)/i

function decodeOnce(text: string): ReturnType<TextRule['repair']> {
  if (!SIGNATURE_NAME.test(text)) return null
  if (/^https?%3a%2f%2f/i.test(text)) return decodeWhole(text, 'the scheme')
  const mark = text.indexOf('?')
  if (mark === -1)
    return /%3Fx-|%3F[^/]{1,60}(?:=|%3D)/i.test(text) ? decodeWhole(text, 'the ?') : null
  const query = text.slice(mark + 1)
  if (/(?:^|&)(?:x-amz-|x-goog-)[a-z-]{1,20}%3d/i.test(query)) {
    return { text: text.slice(0, mark + 1) + decodeText(query), facts: { where: 'an encoded =' } }
  }
  return query.split('&').some(isTwiceEncoded) ? decodeWhole(text, 'an encoded percent sign') : null
}

const CONTROL = /^(?:x-amz-|x-goog-)?(?:credential|sig|signature|signedheaders|security-token)=/i

function isTwiceEncoded(piece: string): boolean {
  return CONTROL.test(piece) && /%25(?:2f|3d|2b|3b|40)/i.test(piece)
}

function decodeWhole(text: string, where: string): ReturnType<TextRule['repair']> {
  return { text: decodeText(text), facts: { where } }
}

function decodeText(text: string): string {
  return text.replace(/%25([0-9a-f]{2})|%(3a|2f|3f|3d|26)/gi, (_, twice?: string, once?: string) =>
    twice === undefined ? String.fromCharCode(Number.parseInt(once ?? '', 16)) : `%${twice}`,
  )
}

const AT_ONCE = /^(?:x-amz-|x-goog-|sv=|sig=|expires=|policy=|key-pair-id=|temp_url)/i

function encodeHash(text: string): ReturnType<TextRule['repair']> {
  const hash = text.indexOf('#')
  if (hash === -1) return null
  const rest = text.slice(hash + 1)
  // The question mark itself was written as a hash: nothing of the signature is sent.
  if (!text.slice(0, hash).includes('?') && AT_ONCE.test(rest)) {
    return { text: `${text.slice(0, hash)}?${rest}` }
  }
  const mark = rest.indexOf('?')
  const isInName = mark !== -1 && SIGNATURE_NAME.test(rest.slice(mark))
  return isInName ? { text: text.replace('#', '%23') } : null
}

function encodeQuestionMark(text: string): ReturnType<TextRule['repair']> {
  const first = text.indexOf('?')
  const second = first === -1 ? -1 : text.indexOf('?', first + 1)
  if (second === -1) return null
  const head = text.slice(0, second)
  const tail = text.slice(second + 1)
  const headIsSigned = SIGNATURE_NAME.test(head.slice(first))
  if (!headIsSigned && SIGNATURE_NAME.test(tail)) {
    return { text: `${head.slice(0, first)}%3F${head.slice(first + 1)}?${tail}` }
  }
  // One query in two halves.
  if (headIsSigned && AT_ONCE.test(tail)) return { text: `${head}&${tail}` }
  return headIsSigned && /^[\w.-]{1,60}(?:=|$|&)/.test(tail) ? { text: head } : null
}
