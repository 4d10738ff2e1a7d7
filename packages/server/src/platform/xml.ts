/**
 * Reads the small XML documents of S3 and what speaks it, whoever sends them. A document type is refused whatever it says, so no entity can be declared;
 * depth and elements are counted before anything is built; characters are decoded in one pass over the text.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'

export interface XmlNode {
  /** Without a namespace prefix. */
  readonly name: string
  /** All text directly in it. */
  readonly text: string
  readonly children: readonly XmlNode[]
}

/** S3's deepest document has six levels. */
const MAX_DEPTH = 16
/** Namespaces and types are all that S3's elements say about themselves. */
const MAX_TAG_LENGTH = 1024

const TEXT = '#text'
const CDATA = '#cdata'

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  maxNestedTags: MAX_DEPTH,
})

/** What is wrong with the document; the message goes on from "it cannot be read: ". */
export class XmlFault extends Error {
  override readonly name: string = 'XmlFault'
}

/** The root element; throws `XmlFault`. */
export function parseXml(text: string, maxElements: number): XmlNode {
  requireModestShape(text, maxElements)
  if (XMLValidator.validate(text) !== true) throw malformed('it is not well-formed')
  const [root, ...rest] = toNodes(parseOrdered(text))
  if (root === undefined || rest.length > 0) throw malformed('it has no single root element')
  return root
}

/** The first child of this name; `null` if there is none. */
export function childOf(node: XmlNode, name: string): XmlNode | null {
  return node.children.find((child) => child.name === name) ?? null
}

/** One pass that looks at nothing but the ends of tags. What is no XML at all passes and fails later. */
function requireModestShape(text: string, maxElements: number): void {
  let depth = 0
  let elements = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const end = endOfMarkup(text, at)
    const mark = text[at + 1]
    if (mark !== '!' && mark !== '?') {
      if (end - at > MAX_TAG_LENGTH) throw malformed('a tag is too long')
      const closes = mark === '/'
      if (!closes) elements += 1
      depth += closes ? -1 : text[end - 1] === '/' ? 0 : 1
      if (depth > MAX_DEPTH) throw malformed(`it is nested more than ${MAX_DEPTH} levels deep`)
      if (elements > maxElements) throw malformed(`it has more than ${maxElements} elements`)
    }
    at = end + 1
  }
}

/** Where the tag, comment or section that begins at `at` ends. */
function endOfMarkup(text: string, at: number): number {
  const closing = text.startsWith('<!--', at)
    ? '-->'
    : text.startsWith('<![CDATA[', at)
      ? ']]>'
      : text[at + 1] === '?'
        ? '?>'
        : '>'
  if (closing === '>' && text[at + 1] === '!') throw malformed('document types are not taken')
  const found = text.indexOf(closing, at)
  if (found === -1) throw malformed('a tag does not end')
  return found + closing.length - 1
}

/** What the parser makes of an element: its name and what is in it. Text stands under a name of its own, sections too. */
type Ordered = Readonly<Record<string, string | readonly Ordered[]>>

function parseOrdered(text: string): readonly Ordered[] {
  try {
    return parser.parse(text) as readonly Ordered[]
  } catch (error) {
    throw malformed('it is not well-formed', error)
  }
}

function toNodes(ordered: readonly Ordered[]): XmlNode[] {
  return ordered.flatMap((entry) => {
    const [[name, content] = ['', null]] = Object.entries(entry)
    return typeof content === 'object' && content !== null && name !== CDATA
      ? [toNode(name, content)]
      : []
  })
}

function toNode(name: string, content: readonly Ordered[]): XmlNode {
  let text = ''
  for (const entry of content) {
    text += decodeEntities(textOf(entry))
    const section = entry[CDATA]
    if (typeof section === 'object') text += section.map(textOf).join('')
  }
  return { name, text, children: toNodes(content) }
}

function textOf({ [TEXT]: text }: Ordered): string {
  return typeof text === 'string' ? text : ''
}

const ENTITY = /&(?:#x([0-9a-fA-F]{1,6});|#(\d{1,7});|(amp|lt|gt|quot|apos);)?/g
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(ENTITY, (_whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? ''
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (!isCharacter(code)) throw malformed('it holds a reference to no character')
    return String.fromCodePoint(code)
  })
}

/** XML 1.0's characters; a reference that is none of ours has no code at all. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return (
    code <= 0xd7_ff ||
    (code >= 0xe0_00 && code <= 0xff_fd) ||
    (code >= 0x1_00_00 && code <= 0x10_ff_ff)
  )
}

function malformed(reason: string, cause?: unknown): XmlFault {
  return new XmlFault(reason, cause === undefined ? undefined : { cause })
}
