/**
 * Takes the query of a signed URL apart: Google's parameters, each once and in its own spelling, and the canonical
 * form of all but the signature. None of it is verified.
 *
 * @module
 */

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

interface Piece {
  /** Encoded canonically. */
  readonly name: string
  readonly value: string
}

/**
 * The query of a signed URL. @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`,
 * `parameter-malformed`
 */
export function readGcsQuery(query: string | null): GcsQuery {
  const values: Partial<Record<GcsParameter, string>> = {}
  const others: [string, string][] = []
  const pieces: Piece[] = []
  for (const raw of (query ?? '').split('&')) {
    if (raw === '') continue
    const equals = raw.indexOf('=')
    const rawName = equals === -1 ? raw : raw.slice(0, equals)
    const rawValue = equals === -1 ? '' : raw.slice(equals + 1)
    const known = QUERY_PARAMETERS.find((name) => name === rawName)
    const name = known ?? decodeQueryText(rawName)
    const value = decodeQueryText(rawValue)
    if (name === null || value === null) throw malformed('query', 'expected escapes of UTF-8 text')
    if (known === undefined) {
      checkOther(name, others)
      others.push([name, value])
    } else {
      if (values[known] !== undefined) throw duplicate(known)
      values[known] = value
    }
    if (known !== 'X-Goog-Signature') {
      pieces.push({ name: encode(rawName, name), value: encode(rawValue, value) })
    }
  }
  return { values: requireAll(values), canonical: joinSorted(pieces), others }
}

// Text without escapes and plus signs that needs none is canonical as it stands.
function encode(raw: string, decoded: string): string {
  return raw === decoded ? percentEncode(raw) : percentEncode(decoded)
}

/** Refuses a second reading of any name that decides something: `x-goog-date`, `X%2DGoog-Date`, a doubled one. */
function checkOther(name: string, others: readonly (readonly [string, string])[]): void {
  if (isControlParameter(name)) throw malformed(name.toLowerCase(), 'expected the exact spelling')
  const lower = name.toLowerCase()
  if (!lower.startsWith('x-goog-') && !lower.startsWith('response-')) return
  if (others.some(([other]) => other.toLowerCase() === lower)) throw duplicate(lower)
}

function requireAll(values: Partial<Record<GcsParameter, string>>): Record<GcsParameter, string> {
  const missing = QUERY_PARAMETERS.filter((name) => values[name] === undefined)
  if (missing.length === QUERY_PARAMETERS.length) {
    throw new SigningError('signature-missing', 'the request carries no signature of this kind', {
      dialect: 'gcs',
    })
  }
  const [first] = missing
  if (first !== undefined) {
    throw new SigningError('parameter-missing', `${first} is missing`, { parameter: first })
  }
  return values as Record<GcsParameter, string>
}

function joinSorted(pieces: Piece[]): string {
  if (!isSorted(pieces)) pieces.sort(compare)
  let text = ''
  for (const { name, value } of pieces) text += `${text === '' ? '' : '&'}${name}=${value}`
  return text
}

function isSorted(pieces: readonly Piece[]): boolean {
  return pieces.every((piece, index) => {
    const before = pieces[index - 1]
    return before === undefined || compare(before, piece) <= 0
  })
}

// Encoded text is ASCII, so the order of UTF-16 units is the order of bytes.
function compare(a: Piece, b: Piece): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  if (a.value === b.value) return 0
  return a.value < b.value ? -1 : 1
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}
