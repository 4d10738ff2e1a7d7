/**
 * Reads the raw query of a request once: the authentication parameters, the others, and the canonical query
 * that they were signed as. Nothing here is verified; everything that two readers could take in two ways is refused.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { decodeQueryText, parseRawQuery } from '../../lib/raw-target.ts'
import { joinEncodedV4Query } from '../../lib/v4.ts'
import { ALGORITHM_HMAC, QUERY_PARAMETERS } from './params.ts'

export type QueryPair = readonly [name: string, value: string]

/** A query taken apart. The six authentication parameters are `null` where they are missing. */
export interface S3QueryReading {
  algorithm: string | null
  /** Still encoded, because credentials already known are found by it. */
  rawCredential: string | null
  date: string | null
  expires: string | null
  signedHeaders: string | null
  signature: string | null
  /** Every other parameter, decoded once, in order. */
  readonly pairs: QueryPair[]
  /** Without `X-Amz-Signature`. */
  canonicalQuery: string
}

/** The reading of a raw query, `null` being no query at all. */
export function readS3Query(query: string | null): S3QueryReading {
  const reading: S3QueryReading = {
    algorithm: null,
    rawCredential: null,
    date: null,
    expires: null,
    signedHeaders: null,
    signature: null,
    pairs: [],
    canonicalQuery: '',
  }
  if (query === null || query === '') return reading
  const headEnd = takeKnownHead(reading, query)
  const isDone = headEnd !== 0 && takeSignatureAtEnd(reading, query, headEnd)
  if (!isDone) readPieces(query, reading, headEnd)
  return reading
}

/** True if anything in the reading is one of the six parameters, in whatever case. */
export function hasQueryAuthentication(reading: S3QueryReading): boolean {
  return (
    reading.signature !== null ||
    reading.algorithm !== null ||
    reading.rawCredential !== null ||
    reading.date !== null ||
    reading.expires !== null ||
    reading.signedHeaders !== null
  )
}

function readPieces(query: string, reading: S3QueryReading, headEnd: number): void {
  const control: ControlNames = { seen: null }
  // The query is its own canonical form if every piece is, and they stand in order.
  let isCanonical = !query.endsWith('&')
  let previousName = headEnd === 0 ? '' : 'X-Amz-SignedHeaders'
  let signatureStart = -1
  let signatureEnd = -1
  let equals = -1
  let end = 0
  for (let start = headEnd; start < query.length; start = end + 1) {
    end = indexOrEnd(query, '&', start)
    // Looked for only once it has been passed, so that a query without any stays linear.
    if (equals < start) equals = indexOrEnd(query, '=', start)
    const nameEnd = Math.min(equals, end)
    const rawName = query.slice(start, nameEnd)
    const rawValue = query.slice(nameEnd + 1, end)
    if (rawName === 'X-Amz-Signature') {
      // Of this length it is compared as it is: one with an escape in it is not a signature.
      const value = rawValue.length === 64 ? rawValue : decode(rawValue)
      reading.signature = once(rawName, reading.signature, value)
      signatureStart = start
      signatureEnd = end
      continue
    }
    const known = takeAuthentication(reading, rawName, rawValue)
    const form = known === UNKNOWN ? takeOther(reading, rawName, rawValue, control) : known
    // A piece without `=` gets one in its canonical form, and an empty piece has none.
    isCanonical &&= form !== OTHER && nameEnd < end && rawName > previousName
    previousName = rawName
  }
  if (headEnd === 0 && isCanonical && reading.rawCredential !== null) {
    rememberHead(query, reading.rawCredential)
  }
  reading.canonicalQuery = isCanonical
    ? cut(query, signatureStart, signatureEnd)
    : rebuildCanonicalQuery(query)
}

// The URLs of one key and day begin alike, up to the time. This is how the last one of its kind began.
let lastHead = ''
let lastHeadCredential = ''

const EXPIRES = '&X-Amz-Expires='
const SIGNED_HOST = '&X-Amz-SignedHeaders=host&'
const TIMESTAMP_LENGTH = 16

/**
 * Takes the first five parameters at once from a query that has them in canonical order, begins like the last one,
 * and signs the host alone; gives the offset after them, or 0. It is a short cut only: whatever it does not
 * recognise to the letter, and all that follows, is read piece by piece.
 */
function takeKnownHead(reading: S3QueryReading, query: string): number {
  if (lastHead === '' || !hasAt(query, lastHead, 0)) return 0
  const dateEnd = lastHead.length + TIMESTAMP_LENGTH
  if (!hasAt(query, EXPIRES, dateEnd)) return 0
  const expiresStart = dateEnd + EXPIRES.length
  const expiresEnd = query.indexOf('&', expiresStart)
  if (expiresEnd === -1 || !hasAt(query, SIGNED_HOST, expiresEnd)) return 0
  reading.algorithm = ALGORITHM_HMAC
  reading.rawCredential = lastHeadCredential
  reading.date = query.slice(lastHead.length, dateEnd)
  reading.expires = query.slice(expiresStart, expiresEnd)
  reading.signedHeaders = 'host'
  return expiresEnd + SIGNED_HOST.length
}

const SIGNATURE = 'X-Amz-Signature='
const SIGNATURE_LENGTH = 64

/** Takes the signature that ends the query, if it is all that follows the head; what comes before it is canonical. */
function takeSignatureAtEnd(reading: S3QueryReading, query: string, headEnd: number): boolean {
  const start = headEnd + SIGNATURE.length
  if (query.length !== start + SIGNATURE_LENGTH || !hasAt(query, SIGNATURE, headEnd)) return false
  // Another parameter in the place of its last digits, or an escape, is for the long way round.
  if (query.includes('&', start) || query.includes('%', start)) return false
  reading.signature = query.slice(start)
  reading.canonicalQuery = query.slice(0, headEnd - 1)
  return true
}

// Quicker than `startsWith`, which goes letter by letter.
function hasAt(text: string, part: string, start: number): boolean {
  return text.slice(start, start + part.length) === part
}

/** Keeps how this query begins, if it is one that {@link takeKnownHead} could take. */
function rememberHead(query: string, rawCredential: string): void {
  const head = `X-Amz-Algorithm=${ALGORITHM_HMAC}&X-Amz-Credential=${rawCredential}&X-Amz-Date=`
  if (head.length <= 512 && query.startsWith(head)) {
    lastHead = query.slice(0, head.length)
    lastHeadCredential = rawCredential
  }
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

/** The names so far that may come once only, in lower case. */
interface ControlNames {
  seen: Set<string> | null
}

/**
 * Keeps the value of one of the other five parameters, and says in which form it is; `UNKNOWN` for any other name.
 * A time or a number with an escape in it is refused later, as neither, so nobody has to look for one here.
 */
function takeAuthentication(reading: S3QueryReading, name: string, raw: string): number {
  switch (name) {
    case 'X-Amz-Algorithm':
      reading.algorithm = once(name, reading.algorithm, raw === ALGORITHM_HMAC ? raw : decode(raw))
      return raw === ALGORITHM_HMAC ? PLAIN : textForm(raw)
    case 'X-Amz-Credential':
      reading.rawCredential = once(name, reading.rawCredential, raw)
      return textForm(raw)
    case 'X-Amz-Date':
      reading.date = once(name, reading.date, raw)
      return PLAIN
    case 'X-Amz-Expires':
      reading.expires = once(name, reading.expires, raw)
      return PLAIN
    case 'X-Amz-SignedHeaders':
      reading.signedHeaders = once(name, reading.signedHeaders, raw === 'host' ? raw : decode(raw))
      return raw === 'host' ? PLAIN : textForm(raw)
    default:
      return UNKNOWN
  }
}

/** Keeps any other parameter, and says in which form it is. */
function takeOther(
  reading: S3QueryReading,
  rawName: string,
  rawValue: string,
  control: ControlNames,
): number {
  // What two `&` have between them, and what `=` alone is, is a piece to some and none to others.
  if (rawName === '' && rawValue === '') return OTHER
  const nameForm = textForm(rawName)
  const valueForm = textForm(rawValue)
  const name = nameForm === PLAIN ? rawName : decode(rawName)
  refuseDoubtful(name, control)
  reading.pairs.push([name, valueForm === PLAIN ? rawValue : decode(rawValue)])
  return Math.max(nameForm, valueForm)
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

const CONTROL_NAME = /^(?:x-amz-|response-)/i
const LOWER_QUERY_PARAMETERS = new Set(QUERY_PARAMETERS.map((name) => name.toLowerCase()))

/**
 * One reader takes the first of a repeated parameter and another the last, and some do not mind case:
 * so a name that decides anything comes once, and those of the authentication only in their own spelling.
 */
function refuseDoubtful(name: string, control: ControlNames): void {
  if (!CONTROL_NAME.test(name)) return
  const lower = name.toLowerCase()
  const seen = (control.seen ??= new Set())
  if (seen.has(lower)) refuseRepeated(name)
  if (LOWER_QUERY_PARAMETERS.has(lower)) refuseSpelling(name)
  seen.add(lower)
}

function refuseSpelling(name: string): never {
  throw new SigningError('parameter-malformed', `the query holds ${name} in another spelling`, {
    parameter: name,
    reason: 'authentication parameters are spelled exactly',
  })
}

/** The query without the piece from `start` to `end`, and without the `&` that it leaves. */
function cut(query: string, start: number, end: number): string {
  if (start === -1) return query
  if (end === query.length) return start === 0 ? '' : query.slice(0, start - 1)
  return query.slice(0, start) + query.slice(end + 1)
}

function rebuildCanonicalQuery(query: string): string {
  const parameters = parseRawQuery(query) ?? []
  return joinEncodedV4Query(
    parameters
      .filter(({ name }) => name !== 'X-Amz-Signature')
      .map(({ name, value }): QueryPair => [percentEncode(name), percentEncode(value)]),
  )
}

// By character code: 1 is unreserved, 2 an upper-case hex digit as well, 0 anything else.
const CHARACTER_CLASS = createCharacterClasses()

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
// Not one of the parameters looked for.
const UNKNOWN = -1

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
