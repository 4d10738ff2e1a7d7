/**
 * Reads the raw query of a request signed in one of the V4 schemes, once: the authentication parameters, the others, and
 * the canonical query that they were signed as. Nothing here is verified; everything that two readers could take in two
 * ways is refused.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import { percentEncode } from './percent-encode.ts'
import { decodeQueryText, parseRawQuery } from './raw-target.ts'
import type { V4Scheme } from './v4.ts'
import { joinEncodedV4Query } from './v4.ts'

export type QueryPair = readonly [name: string, value: string]

/** A query taken apart. The six authentication parameters are `null` where they are missing. */
export interface V4Query {
  algorithm: string | null
  credential: string | null
  /** As it came: a time with an escape in it is none. */
  date: string | null
  /** As it came: a number with an escape in it is none. */
  expires: string | null
  signedHeaders: string | null
  signature: string | null
  /** Every other parameter, decoded once, in order. */
  readonly pairs: QueryPair[]
  /** Without the signature. */
  canonicalQuery: string
}

/** The reading of a raw query, `null` being no query at all. */
export type V4QueryReader = (query: string | null) => V4Query

/** The authentication parameters of a scheme, by their exact names. */
export interface V4QueryNames {
  readonly algorithm: string
  readonly credential: string
  readonly date: string
  readonly expires: string
  readonly signedHeaders: string
  readonly signature: string
  /** The six in the order in which they are signed, each with the text that a piece with it begins with. */
  readonly order: readonly { readonly name: string; readonly text: string }[]
  /** The usual algorithm. */
  readonly hmac: string
  /** All of them, in lower case. */
  readonly lower: ReadonlySet<string>
  /** What every parameter with a meaning to the scheme begins with, in lower case. */
  readonly lowerPrefix: string
}

export function v4QueryNames({ keyPrefix, parameterPrefix: prefix }: V4Scheme): V4QueryNames {
  const names = {
    algorithm: `${prefix}Algorithm`,
    credential: `${prefix}Credential`,
    date: `${prefix}Date`,
    expires: `${prefix}Expires`,
    signedHeaders: `${prefix}SignedHeaders`,
    signature: `${prefix}Signature`,
  }
  const order = Object.values(names).map((name) => ({ name, text: `${name}=` }))
  const lower = new Set(order.map(({ name }) => name.toLowerCase()))
  const hmac = `${keyPrefix}-HMAC-SHA256`
  return { ...names, order, hmac, lower, lowerPrefix: prefix.toLowerCase() }
}

/** A reader that keeps how the last query began: the URLs of one key and day begin alike, up to the time. */
export function createV4QueryReader(names: V4QueryNames): V4QueryReader {
  const memory: ReaderMemory = { head: null }
  return (text) => {
    const query = emptyQuery()
    if (text !== null && text !== '') readQuery(query, text, { names, memory })
    return query
  }
}

/** True if anything in the reading is one of the six parameters. */
export function hasV4Authentication(query: V4Query): boolean {
  return (
    query.signature !== null ||
    query.algorithm !== null ||
    query.credential !== null ||
    query.date !== null ||
    query.expires !== null ||
    query.signedHeaders !== null
  )
}

interface ReaderMemory {
  head: QueryHead | null
}

/** The algorithm and the credential, where they stand first and in their canonical form. */
interface QueryHead {
  /** With the `&` behind them. */
  readonly text: string
  readonly algorithm: string
  readonly credential: string
  readonly after: QueryPlace
}

/** A place between two pieces. */
interface QueryPlace {
  /** Where the piece before ends; -1 before the first. */
  readonly end: number
  /** Which parameter signers write next. */
  readonly next: number
  readonly previousName: string
}

const NO_HEAD: QueryPlace = { end: -1, next: 0, previousName: '' }

/** A query while it is being read. */
interface Reading {
  readonly names: V4QueryNames
  readonly query: V4Query
  /** The names so far that may come once only, in lower case. */
  seen: Set<string> | null
}

function emptyQuery(): V4Query {
  return {
    algorithm: null,
    credential: null,
    date: null,
    expires: null,
    signedHeaders: null,
    signature: null,
    pairs: [],
    canonicalQuery: '',
  }
}

interface ReaderParts {
  readonly names: V4QueryNames
  readonly memory: ReaderMemory
}

function readQuery(query: V4Query, text: string, { names, memory }: ReaderParts): void {
  const reading: Reading = { query, names, seen: null }
  // The query is its own canonical form if every piece is, and they stand in order.
  let isCanonical = !text.endsWith('&')
  const head = takeHead(query, text, memory)
  let { end, next, previousName } = head
  let signatureStart = -1
  let signatureEnd = -1
  let equals = -1
  for (let start = end + 1; start < text.length; start = end + 1) {
    end = indexOrEnd(text, '&', start)
    // Signers write the parameters in one order, so the name is mostly known before its end is looked for.
    const expected = names.order[next]
    let name = ''
    let nameEnd = end
    if (expected !== undefined && hasAt(text, expected.text, start)) {
      next += 1
      name = expected.name
      nameEnd = start + name.length
    } else {
      // Looked for only once it has been passed, so that a query without any stays linear.
      if (equals < start) equals = indexOrEnd(text, '=', start)
      if (equals < end) nameEnd = equals
      name = text.slice(start, nameEnd)
    }
    const value = text.slice(nameEnd + 1, end)
    if (name === names.signature) {
      query.signature = once(name, query.signature, decode(value))
      signatureStart = start
      signatureEnd = end
      continue
    }
    const form = takePiece(reading, name, value)
    // A piece without `=` gets one in its canonical form, and an empty piece has none.
    isCanonical &&= form !== OTHER && nameEnd < end && name > previousName
    previousName = name
  }
  if (isCanonical && head === NO_HEAD) keepHead(memory, query, text, names)
  query.canonicalQuery = isCanonical
    ? cut(text, signatureStart, signatureEnd)
    : rebuildCanonicalQuery(text, names.signature)
}

/** Where reading begins: at the start, or behind the head that is known. */
function takeHead(query: V4Query, text: string, { head }: ReaderMemory): QueryPlace {
  if (head === null || !hasAt(text, head.text, 0)) return NO_HEAD
  query.algorithm = head.algorithm
  query.credential = head.credential
  return head.after
}

/** Keeps the head of a query in its canonical form, if it begins with one that is not too long. */
function keepHead(
  memory: ReaderMemory,
  query: V4Query,
  text: string,
  { order }: V4QueryNames,
): void {
  const { algorithm, credential } = query
  const second = text.indexOf('&') + 1
  const end = text.indexOf('&', second)
  const isHead =
    hasAt(text, order[0]?.text ?? '', 0) && hasAt(text, order[1]?.text ?? '', second) && end !== -1
  if (!isHead || end > MAX_HEAD || algorithm === null || credential === null) return
  const after = { end, next: 2, previousName: order[1]?.name ?? '' }
  memory.head = { text: text.slice(0, end + 1), algorithm, credential, after }
}

const MAX_HEAD = 512

// Quicker than `startsWith`, which goes letter by letter.
function hasAt(text: string, part: string, start: number): boolean {
  return text.slice(start, start + part.length) === part
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from)
  return index === -1 ? text.length : index
}

function decode(text: string): string {
  const decoded = decodeQueryText(text)
  if (decoded === null) {
    throw new SigningError('parameter-malformed', 'the query holds an escape that is not UTF-8', {
      parameter: 'query',
      reason: 'expected percent-encoded UTF-8',
    })
  }
  return decoded
}

/**
 * Keeps one parameter, and says in which form it came. A time or a number with an escape in it is refused later, as
 * neither, so nobody has to look for one here.
 */
function takePiece(reading: Reading, name: string, raw: string): number {
  const { names, query } = reading
  if (name === names.algorithm) {
    const isHmac = raw === names.hmac
    query.algorithm = once(name, query.algorithm, isHmac ? raw : decode(raw))
    return isHmac ? PLAIN : textForm(raw)
  }
  if (name === names.credential) {
    query.credential = once(name, query.credential, decode(raw))
    return textForm(raw)
  }
  if (name === names.date) {
    query.date = once(name, query.date, raw)
    return PLAIN
  }
  if (name === names.expires) {
    query.expires = once(name, query.expires, raw)
    return PLAIN
  }
  if (name === names.signedHeaders) {
    const isHost = raw === 'host'
    query.signedHeaders = once(name, query.signedHeaders, isHost ? raw : decode(raw))
    return isHost ? PLAIN : textForm(raw)
  }
  return takeOther(reading, name, raw)
}

/** Keeps any other parameter, and says in which form it is. */
function takeOther(reading: Reading, rawName: string, rawValue: string): number {
  // What two `&` have between them, and what `=` alone is, is a piece to some and none to others.
  if (rawName === '' && rawValue === '') return OTHER
  const nameForm = textForm(rawName)
  const valueForm = textForm(rawValue)
  const name = nameForm === PLAIN ? rawName : decode(rawName)
  refuseDoubtful(name, reading)
  reading.query.pairs.push([name, valueForm === PLAIN ? rawValue : decode(rawValue)])
  return nameForm > valueForm ? nameForm : valueForm
}

function once(name: string, before: string | null, value: string): string {
  if (before !== null) refuseRepeated(name)
  return value
}

function refuseRepeated(name: string): never {
  throw new SigningError('parameter-duplicate', `the query holds ${name} more than once`, {
    parameter: name,
  })
}

/**
 * One reader takes the first of a repeated parameter and another the last, and some do not mind case:
 * so a name that decides anything comes once, and those of the authentication only in their own spelling.
 */
function refuseDoubtful(name: string, reading: Reading): void {
  const lower = name.toLowerCase()
  if (!lower.startsWith(reading.names.lowerPrefix) && !lower.startsWith('response-')) return
  const seen = (reading.seen ??= new Set())
  if (seen.has(lower)) refuseRepeated(name)
  if (reading.names.lower.has(lower)) {
    throw new SigningError('parameter-malformed', `the query holds ${name} in another spelling`, {
      parameter: name,
      reason: 'authentication parameters are spelled exactly',
    })
  }
  seen.add(lower)
}

/** The query without the piece from `start` to `end`, and without the `&` that it leaves. */
function cut(query: string, start: number, end: number): string {
  if (start === -1) return query
  if (end === query.length) return start === 0 ? '' : query.slice(0, start - 1)
  return query.slice(0, start) + query.slice(end + 1)
}

function rebuildCanonicalQuery(query: string, signatureName: string): string {
  const parameters = parseRawQuery(query) ?? []
  return joinEncodedV4Query(
    parameters
      .filter(({ name }) => name !== signatureName)
      .map(({ name, value }): QueryPair => [percentEncode(name), percentEncode(value)]),
  )
}

// By character code: 1 is unreserved, 2 an upper-case hex digit as well, 0 anything else.
const CHARACTER_CLASS = /* @__PURE__ */ createCharacterClasses()

function createCharacterClasses(): Uint8Array {
  const classes = new Uint8Array(128)
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code)
    if (/[A-Za-z0-9\-._~]/.test(character)) classes[code] = /[0-9A-F]/.test(character) ? 2 : 1
  }
  return classes
}

// Nothing to decode · encoded as the canonical form has it · anything else.
const PLAIN = 0
const ENCODED = 1
const OTHER = 2

/** How a raw name or value relates to its canonical form. */
function textForm(text: string): number {
  let form = PLAIN
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code > 127) return OTHER
    if (CHARACTER_CLASS[code] !== 0) continue
    if (code !== 0x25 || !isCanonicalEscape(text, index)) return OTHER
    form = ENCODED
    index += 2
  }
  return form
}

/** True for an escape in upper case of a byte that has to be escaped. */
function isCanonicalEscape(text: string, index: number): boolean {
  const high = text.charCodeAt(index + 1)
  const low = text.charCodeAt(index + 2)
  if (CHARACTER_CLASS[high] !== 2 || CHARACTER_CLASS[low] !== 2) return false
  const byte = hexDigit(high) * 16 + hexDigit(low)
  return byte > 127 || CHARACTER_CLASS[byte] === 0
}

function hexDigit(code: number): number {
  return code < 0x41 ? code - 0x30 : code - 0x37
}
