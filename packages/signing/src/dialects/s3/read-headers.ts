/**
 * Reads from the raw headers what a signature of S3 depends on.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { canonicalV4HeaderValue } from '../../lib/v4.ts'
import type { RawHeaders } from '../../types.ts'

/** The headers that mean something to the signature, values as they came. */
export interface S3HeaderReading {
  /** As it is signed. */
  host: string | null
  authorization: string | null
  date: string | null
  contentMd5: string | null
  /** Names in lower case, in order of arrival. */
  readonly amz: (readonly [name: string, value: string])[]
}

// What decides who signed, when and what: must have come once.
const SINGLE_AMZ_HEADERS = new Set([
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-region-set',
])

export function readS3Headers(
  headers: RawHeaders,
  foldHost: (host: string) => string = canonicalV4HeaderValue,
): S3HeaderReading {
  const reading: S3HeaderReading = {
    host: null,
    authorization: null,
    date: null,
    contentMd5: null,
    amz: [],
  }
  for (let index = 0; index + 1 < headers.length; index += 2) {
    takeHeader(reading, headers[index] ?? '', headers[index + 1] ?? '')
  }
  if (reading.host !== null) reading.host = foldHost(reading.host)
  return reading
}

/** Most headers are passed over by their length and first letter, without a copy in lower case. */
function takeHeader(reading: S3HeaderReading, name: string, value: string): void {
  const first = name.charCodeAt(0) | 0x20
  if (first === X) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-')) takeAmzHeader(reading, lower, value)
    return
  }
  switch (name.length) {
    case 4:
      if (first === H && name.toLowerCase() === 'host') {
        reading.host = once('host', reading.host, value)
      } else if (first === D && name.toLowerCase() === 'date') {
        reading.date = once('date', reading.date, value)
      }
      return
    case 11:
      if (first === C && name.toLowerCase() === 'content-md5') {
        reading.contentMd5 = once('content-md5', reading.contentMd5, value)
      }
      return
    case 13:
      if (first === A && name.toLowerCase() === 'authorization') {
        reading.authorization = once('authorization', reading.authorization, value)
      }
      return
    default:
  }
}

const A = 0x61
const C = 0x63
const D = 0x64
const H = 0x68
const X = 0x78

function takeAmzHeader(reading: S3HeaderReading, name: string, value: string): void {
  if (SINGLE_AMZ_HEADERS.has(name) && amzHeader(reading, name) !== null) refuseRepeated(name)
  reading.amz.push([name, value])
}

function once(name: string, before: string | null, value: string): string {
  if (before !== null) refuseRepeated(name)
  return value
}

function refuseRepeated(name: string): never {
  throw new SigningError('parameter-duplicate', `the header ${name} came more than once`, {
    parameter: name,
  })
}

/** The value of an `x-amz-` header as signed, or `null`. `name` in lower case. */
export function amzHeader(reading: S3HeaderReading, name: string): string | null {
  for (const [amzName, value] of reading.amz) {
    if (amzName === name) return canonicalV4HeaderValue(value)
  }
  return null
}

const NOT_ASCII = /[\x80-\uffff]/
const NOT_A_BYTE = /[\u0100-\uffff]/
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A header value as it was signed: blanks folded, bytes read as UTF-8. A server hands over one character a byte;
 * what is not UTF-8 has no one text that could have been signed, and is refused.
 */
function signedHeaderValue(name: string, value: string): string {
  const folded = canonicalV4HeaderValue(value)
  if (!NOT_ASCII.test(folded) || NOT_A_BYTE.test(folded)) return folded
  try {
    return utf8Decoder.decode(Uint8Array.from(folded, (character) => character.charCodeAt(0)))
  } catch (error) {
    throw new SigningError(
      'parameter-malformed',
      `the header ${name} is not UTF-8`,
      { parameter: name, reason: 'expected UTF-8' },
      error,
    )
  }
}

/**
 * The canonical lines of the headers that were signed, in the order of `names`, which is sorted.
 * A name that did not arrive is an error: its absence would otherwise sign as an empty value.
 */
export function signedHeaderLines(headers: RawHeaders, names: readonly string[]): string {
  const values = new Map<string, string | null>(names.map((name) => [name, null]))
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase()
    const before = values.get(name)
    if (before === undefined) continue
    const value = signedHeaderValue(name, headers[index + 1] ?? '')
    values.set(name, before === null ? value : `${before},${value}`)
  }
  let lines = ''
  for (const [name, value] of values) {
    if (value === null) {
      throw new SigningError('header-missing', `the signed header ${name} did not arrive`, { name })
    }
    lines += `${name}:${value}\n`
  }
  return lines
}

// A token in lower case [RFC9110 5.6.2].
const SIGNED_NAME = /^[a-z0-9!#$%&'*+\-.^_`|~]+$/

/** The names of a `SignedHeaders` list: each one a lower-case token, sorted, none twice [SIGV4-HEADER]. */
export function parseSignedHeaders(text: string, parameter: string): readonly string[] {
  if (text === 'host') return HOST_ONLY
  const names = text.split(';')
  let previous = ''
  for (const name of names) {
    if (!SIGNED_NAME.test(name) || name <= previous) {
      throw new SigningError(
        'parameter-malformed',
        'the list of signed headers is not lower-case names, sorted, each one once',
        { parameter, reason: 'expected lower-case names, sorted, each one once' },
      )
    }
    previous = name
  }
  return names
}

export const HOST_ONLY: readonly string[] = ['host']
