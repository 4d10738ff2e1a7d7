/**
 * Markup as browsers recognise it [MIME-SNIFF 7.1]: a mark of HTML after blanks and a byte order mark. SVG and XHTML, which have no mark
 * of their own, are known by the first element of their XML.
 */

const HTML_MARKS =
  /^<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\t\n\f\r >/]|^<!--/i
const XML_MARK = /^<\?xml[\t\n\f\r ]/i
/** What stands before the first element: declarations, comments, blanks. */
const PROLOGUE = /^(?:\s+|<\?[^>]*>|<!--[\s\S]*?-->|<!doctype[^>[]*(?:\[[^\]]*\][^>]*)?>)/i
const FIRST_ELEMENT = /^<(?:[\w.-]+:)?([\w.-]+)/
const DOCTYPE = /<!doctype\s+(?:[\w.-]+:)?(\w+)/i

/** The essence of its type; `null` if it is none. */
export function sniffMarkup(head: Uint8Array): string | null {
  const text = decodeStart(head).trimStart()
  if (!text.startsWith('<')) return null
  const root = findRoot(text)
  if (root === 'svg') return 'image/svg+xml'
  if (root === 'html' || DOCTYPE.exec(text)?.[1]?.toLowerCase() === 'html') return 'text/html'
  if (XML_MARK.test(text)) return 'application/xml'
  return HTML_MARKS.test(text) ? 'text/html' : null
}

function findRoot(text: string): string | null {
  let rest = text
  for (;;) {
    const skipped = PROLOGUE.exec(rest)?.[0] ?? ''
    if (skipped === '') return FIRST_ELEMENT.exec(rest)?.[1]?.toLowerCase() ?? null
    rest = rest.slice(skipped.length)
  }
}

/** In the encoding that a byte order mark names; any other is read byte by byte, which marks do not mind. */
function decodeStart(head: Uint8Array): string {
  const [first, second, third] = head
  if (first === 0xef && second === 0xbb && third === 0xbf) return latin1(head.subarray(3))
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(head)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(head)
  return latin1(head)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
