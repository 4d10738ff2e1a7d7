/**
 * Takes the query of a signed URL apart: Google's parameters, each once and in its own spelling, and the canonical
 * form of all but the signature. None of it is verified.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { decodeQueryText } from '../../lib/raw-target.ts'
import { joinEncodedV4Query } from '../../lib/v4.ts'
import { SigningError } from '../../errors.ts'
import type { GcsParameter } from './params.ts'
import { QUERY_PARAMETERS, isControlParameter, malformed } from './params.ts'

/** A query as it came, and as it was signed. */
export interface GcsQuery {
  readonly values: Readonly<Record<GcsParameter, string>>
  readonly signature: string
  /** All but the signature, as it was signed. */
  readonly canonical: string
  /** Names and values beside Google's, decoded, in order. */
  readonly others: readonly (readonly [name: string, value: string])[]
}

const PARAMETERS: ReadonlyMap<string, GcsParameter> = new Map(
  QUERY_PARAMETERS.map((name) => [name, name]),
)

/** A query while it is being read. */
interface Reading {
  readonly text: string
  readonly values: Record<GcsParameter, string | undefined>
  readonly others: [string, string][]
  /** True as long as every piece is spelled canonically and comes after the one before. */
  isCanonical: boolean
  lastName: string
  signatureAt: number
  signatureEnd: number
}

/**
 * The query of a signed URL. @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`,
 * `parameter-malformed`
 */
export function readGcsQuery(query: string | null): GcsQuery {
  const text = query ?? ''
  const signatureAt = text.indexOf(SIGNATURE_PIECE)
  const isLast = signatureAt > 0 && !text.includes('&', signatureAt + 1)
  const head = isLast ? text.slice(0, signatureAt) : ''
  if (!isLast || head.length > MAX_HEAD_LENGTH) return parseQuery(text)
  const known = findHead(head)
  if (known !== undefined) {
    const signature = decode(text.slice(signatureAt + SIGNATURE_PIECE.length))
    return { values: known.values, canonical: known.canonical, others: known.others, signature }
  }
  const parsed = parseQuery(text)
  heads.set(head, parsed)
  return parsed
}

const SIGNATURE_PIECE = '&X-Goog-Signature='
// What one key signs in one second differs in nothing but the path and the signature at the end.
const heads = createBoundedCache<string, Head>(256)
const MAX_HEAD_LENGTH = 768
// The last one found: to compare it takes less than to look one up.
let lastText = ''
let lastHead: Head | undefined

type Head = Omit<GcsQuery, 'signature'>

function findHead(text: string): Head | undefined {
  if (text === lastText) return lastHead
  const head = heads.get(text)
  if (head !== undefined) {
    lastText = text
    lastHead = head
  }
  return head
}

function parseQuery(text: string): GcsQuery {
  const reading: Reading = {
    text,
    values: emptyValues(),
    others: [],
    isCanonical: true,
    lastName: '',
    signatureAt: 0,
    signatureEnd: 0,
  }
  let at = 0
  while (at < text.length) {
    const ampersand = text.indexOf('&', at)
    const end = ampersand === -1 ? text.length : ampersand
    if (end > at) readPiece(reading, at, end)
    else reading.isCanonical = false
    at = end + 1
  }
  const found = requireAll(reading.values)
  return {
    values: found,
    signature: found['X-Goog-Signature'],
    canonical:
      reading.isCanonical && !text.endsWith('&') ? withoutSignature(reading) : sortAndJoin(text),
    // Handed on to callers, and kept for the next request.
    others: Object.freeze(reading.others.map((pair) => Object.freeze(pair))),
  }
}

// In one shape, so that reading them is cheap.
function emptyValues(): Reading['values'] {
  return {
    'X-Goog-Algorithm': undefined,
    'X-Goog-Credential': undefined,
    'X-Goog-Date': undefined,
    'X-Goog-Expires': undefined,
    'X-Goog-SignedHeaders': undefined,
    'X-Goog-Signature': undefined,
  }
}

function readPiece(reading: Reading, at: number, end: number): void {
  const { text, values } = reading
  const equals = text.indexOf('=', at)
  const nameEnd = equals === -1 || equals > end ? end : equals
  const rawName = text.slice(at, nameEnd)
  const rawValue = nameEnd === end ? '' : text.slice(nameEnd + 1, end)
  const known = PARAMETERS.get(rawName)
  if (known === 'X-Goog-Signature') {
    if (values[known] !== undefined) throw duplicate(known)
    values[known] = decode(rawValue)
    reading.signatureAt = at
    reading.signatureEnd = end
    return
  }
  const value = readValue(rawValue)
  if (nameEnd === end || value.canonical !== rawValue || rawName <= reading.lastName) {
    reading.isCanonical = false
  }
  reading.lastName = rawName
  if (known === undefined) {
    const name = decode(rawName)
    if (rawName !== percentEncode(name)) reading.isCanonical = false
    checkOther(name, reading.others)
    reading.others.push([name, value.decoded])
  } else {
    if (values[known] !== undefined) throw duplicate(known)
    values[known] = value.decoded
  }
}

interface Value {
  readonly decoded: string
  readonly canonical: string
}

// Credentials come again and again; longer texts are read each time, so that nobody fills the cache with them.
const values = createBoundedCache<string, Value>(256)
const MAX_CACHED_LENGTH = 192

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/

function readValue(raw: string): Value {
  if (!raw.includes('%') && UNRESERVED.test(raw)) return { decoded: raw, canonical: raw }
  const known = values.get(raw)
  if (known !== undefined) return known
  const decoded = decode(raw)
  const value = { decoded, canonical: percentEncode(decoded) }
  if (raw.length <= MAX_CACHED_LENGTH) values.set(raw, value)
  return value
}

function decode(raw: string): string {
  const decoded = decodeQueryText(raw)
  if (decoded === null) throw malformed('query', 'expected escapes of UTF-8 text')
  return decoded
}

/** Refuses a second reading of any name that decides something: `x-goog-date`, `X%2DGoog-Date`, a doubled one. */
function checkOther(name: string, others: readonly (readonly [string, string])[]): void {
  if (isControlParameter(name)) throw malformed(name.toLowerCase(), 'expected the exact spelling')
  const lower = name.toLowerCase()
  if (!lower.startsWith('x-goog-') && !lower.startsWith('response-')) return
  if (others.some(([other]) => other.toLowerCase() === lower)) throw duplicate(lower)
}

function requireAll(found: Reading['values']): Record<GcsParameter, string> {
  const missing = QUERY_PARAMETERS.find((name) => found[name] === undefined)
  if (missing === undefined) return found as Record<GcsParameter, string>
  if (QUERY_PARAMETERS.every((name) => found[name] === undefined)) {
    throw new SigningError('signature-missing', 'the request carries no signature of this kind', {
      dialect: 'gcs',
    })
  }
  throw new SigningError('parameter-missing', `${missing} is missing`, { parameter: missing })
}

/** The query as it came, the signature cut out. */
function withoutSignature({ text, signatureAt, signatureEnd }: Reading): string {
  if (signatureEnd === text.length) return text.slice(0, Math.max(signatureAt - 1, 0))
  return text.slice(0, signatureAt) + text.slice(signatureEnd + 1)
}

/** The pieces but the signature, encoded canonically, by name and then by value. */
function sortAndJoin(text: string): string {
  const pairs = text
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece): readonly [string, string] => {
      const equals = piece.indexOf('=')
      const name = equals === -1 ? piece : piece.slice(0, equals)
      const value = equals === -1 ? '' : piece.slice(equals + 1)
      return [percentEncode(decode(name)), percentEncode(decode(value))]
    })
    .filter(([name]) => name !== 'X-Goog-Signature')
  return joinEncodedV4Query(pairs)
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}
