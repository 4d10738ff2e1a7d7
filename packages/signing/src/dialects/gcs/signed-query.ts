/**
 * Takes the query of a signed URL apart: Google's parameters, each once and in its own spelling, and the canonical
 * form of all but the signature. None of it is verified.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { decodeQueryText } from '../../lib/raw-target.ts'
import { SigningError } from '../../errors.ts'
import type { GcsParameter } from './params.ts'
import { QUERY_PARAMETERS, isControlParameter, malformed } from './params.ts'

/** A query as it came, and as it was signed. */
export interface GcsQuery {
  readonly values: Readonly<Record<GcsParameter, string>>
  readonly canonical: string
  /** Names and values beside Google's, decoded, in order. */
  readonly others: readonly (readonly [name: string, value: string])[]
}

const PARAMETERS: ReadonlyMap<string, GcsParameter> = new Map(
  QUERY_PARAMETERS.map((name) => [name, name]),
)

/** A query while it is being read. */
interface Reading {
  readonly values: Record<GcsParameter, string | undefined>
  readonly others: [string, string][]
  /** All but the signature, encoded canonically. */
  readonly names: string[]
  readonly pieces: string[]
}

/**
 * The query of a signed URL. @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`,
 * `parameter-malformed`
 */
export function readGcsQuery(query: string | null): GcsQuery {
  const text = query ?? ''
  const reading: Reading = { values: emptyValues(), others: [], names: [], pieces: [] }
  let at = 0
  while (at < text.length) {
    const ampersand = text.indexOf('&', at)
    const end = ampersand === -1 ? text.length : ampersand
    if (end > at) readPiece(reading, text.slice(at, end))
    at = end + 1
  }
  return {
    values: requireAll(reading.values),
    canonical: joinSorted(reading),
    others: reading.others,
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

function readPiece(reading: Reading, piece: string): void {
  const equals = piece.indexOf('=')
  const rawName = equals === -1 ? piece : piece.slice(0, equals)
  const rawValue = equals === -1 ? '' : piece.slice(equals + 1)
  const known = PARAMETERS.get(rawName)
  if (known === 'X-Goog-Signature') {
    if (reading.values[known] !== undefined) throw duplicate(known)
    reading.values[known] = decode(rawValue)
    return
  }
  const value = readValue(rawValue)
  if (known === undefined) {
    const name = decode(rawName)
    checkOther(name, reading.others)
    reading.others.push([name, value.decoded])
    const encoded = percentEncode(name)
    reading.names.push(encoded)
    reading.pieces.push(`${encoded}=${value.canonical}`)
    return
  }
  if (reading.values[known] !== undefined) throw duplicate(known)
  reading.values[known] = value.decoded
  reading.names.push(known)
  reading.pieces.push(
    value.canonical === rawValue && equals !== -1 ? piece : `${known}=${value.canonical}`,
  )
}

interface Value {
  readonly decoded: string
  readonly canonical: string
}

// Credentials come again and again; longer texts are read each time, so that nobody fills the cache with them.
const values = createBoundedCache<string, Value>(256)
const MAX_CACHED_LENGTH = 192

function readValue(raw: string): Value {
  if (UNRESERVED.test(raw)) return { decoded: raw, canonical: raw }
  const known = values.get(raw)
  if (known !== undefined) return known
  const decoded = decode(raw)
  const value = { decoded, canonical: percentEncode(decoded) }
  if (raw.length <= MAX_CACHED_LENGTH) values.set(raw, value)
  return value
}

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/

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

/** The pieces by encoded name and then by encoded value, which is how most of them come. */
function joinSorted({ names, pieces }: Reading): string {
  for (let index = 1; index < names.length; index += 1) {
    if (compareAt({ names, pieces }, index - 1, index) > 0) return sortAndJoin({ names, pieces })
  }
  return pieces.join('&')
}

type Sorted = Pick<Reading, 'names' | 'pieces'>

function sortAndJoin(list: Sorted): string {
  const order = list.names.map((_, index) => index).toSorted((a, b) => compareAt(list, a, b))
  return order.map((index) => list.pieces[index]).join('&')
}

// Encoded text is ASCII, so the order of UTF-16 units is the order of bytes.
function compareAt({ names, pieces }: Sorted, a: number, b: number): number {
  const [nameOfA, nameOfB] = [names[a] ?? '', names[b] ?? '']
  if (nameOfA !== nameOfB) return nameOfA < nameOfB ? -1 : 1
  const [pieceA, pieceB] = [pieces[a] ?? '', pieces[b] ?? '']
  if (pieceA === pieceB) return 0
  return pieceA < pieceB ? -1 : 1
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}
