/**
 * Takes the token out of a raw request: every parameter once, in its own name, signed by this kind of token at this
 * version. None of it is verified.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { decodeQueryText } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { AzureFields, AzureParameter, AzureSasKind } from './params.ts'
import {
  AZURE_PARAMETERS,
  createFields,
  hasControl,
  isKnownVersion,
  isSigned,
  malformed,
  missing,
} from './params.ts'

/** A token as it came. */
export interface AzureToken {
  readonly claims: AzureClaims
  /** Escaped, as it came. */
  readonly rawSignature: string
}

/** What a query says, but for the signature. */
export interface AzureClaims {
  readonly kind: AzureSasKind
  readonly fields: AzureFields
  /** The parameters beside the token, decoded, in order. */
  readonly others: readonly (readonly [name: string, value: string])[]
}

/** The token of a request. @throws as {@link createTokenReader} says */
export type AzureTokenReader = (request: RawRequest) => AzureToken

/** What a token and its stored access policy say, in numbers and text. */
export interface AzureTerms {
  readonly permissions: string
  readonly expiresMs: number
  readonly startsMs: number | null
  readonly protocol: 'https' | 'https,http'
}

const PARAMETERS: ReadonlyMap<string, AzureParameter> = new Map(
  AZURE_PARAMETERS.map((name) => [name, name]),
)
// What selects the operation or the moment must be as unambiguous as the token.
const SINGLE_NAMES: ReadonlySet<string> = new Set(['comp', 'restype', 'snapshot', 'versionid'])
// 44 characters of base64, each of which may be escaped.
const MIN_SIGNATURE = 44
const MAX_SIGNATURE = 132

/** A token while it is being read. */
interface Reading {
  readonly fields: AzureFields
  readonly names: AzureParameter[]
  readonly others: [string, string][]
  readonly mayHoldControl: boolean
  rawSignature: string | null
}

/**
 * A reader that keeps what it has read: tokens of one second, and those of a container, differ in nothing but the signature at
 * their end. It throws `signature-missing`, `parameter-missing`, `parameter-duplicate`, `parameter-malformed` and
 * `signature-malformed`.
 */
export function createTokenReader(): AzureTokenReader {
  const known = createBoundedCache<string, AzureClaims>(MAX_KNOWN)
  return ({ target }) => {
    const mark = target.indexOf('?')
    const signatureAt = target.lastIndexOf('&')
    const isLast =
      mark !== -1 && signatureAt > mark && target.startsWith(SIGNATURE_NAME, signatureAt)
    const said = isLast ? target.slice(mark + 1, signatureAt) : ''
    const claims = known.get(said)
    if (claims !== undefined) {
      return {
        claims,
        rawSignature: checkLength(target.slice(signatureAt + SIGNATURE_NAME.length)),
      }
    }
    const token = readToken(target, mark)
    if (isLast && said.length <= MAX_KNOWN_LENGTH) known.set(said, token.claims)
    return token
  }
}

const SIGNATURE_NAME = '&sig='
const MAX_KNOWN = 256
const MAX_KNOWN_LENGTH = 512

function readToken(target: string, mark: number): AzureToken {
  const reading: Reading = {
    fields: createFields(undefined),
    names: [],
    others: [],
    mayHoldControl: mayHoldControl(target),
    rawSignature: null,
  }
  let at = mark === -1 ? target.length : mark + 1
  while (at < target.length) {
    const ampersand = target.indexOf('&', at)
    const end = ampersand === -1 ? target.length : ampersand
    if (end > at) readPiece(reading, target, at, end)
    at = end + 1
  }
  return toToken(reading)
}

/** The value of one of the parameters beside the token; it came once or not at all. */
export function otherOf({ others }: Pick<AzureClaims, 'others'>, name: string): string | null {
  for (const [other, value] of others) if (other === name) return value
  return null
}

function toToken({ fields, names, others, rawSignature }: Reading): AzureToken {
  if (rawSignature === null) {
    if (fields.sv !== undefined && (fields.sp ?? fields.si) !== undefined) throw missing('sig')
    throw new SigningError('signature-missing', 'the request carries no shared access signature', {
      dialect: 'azure',
    })
  }
  checkLength(rawSignature)
  const kind = kindOf(fields)
  const version = fields.sv
  if (version === undefined) throw missing('sv')
  if (!isKnownVersion(kind, version)) {
    throw malformed('sv', 'expected a version with this kind of token')
  }
  for (const name of names) {
    // Whatever is not under the signature could have been added by anybody.
    if (!isSigned(kind, version, name)) {
      throw malformed(name, 'this kind and version of token does not sign it')
    }
  }
  return { claims: { kind, fields, others }, rawSignature }
}

function checkLength(rawSignature: string): string {
  const { length } = rawSignature
  if (length < MIN_SIGNATURE || length > MAX_SIGNATURE) throw signatureMalformed()
  return rawSignature
}

/** False for nearly every target, which spares each of its values a closer look. */
function mayHoldControl(target: string): boolean {
  return (
    target.includes('%0') ||
    target.includes('%1') ||
    target.includes('%7') ||
    target.includes('\n') ||
    target.includes('\r') ||
    target.includes('\0')
  )
}

function readPiece(reading: Reading, target: string, at: number, end: number): void {
  const equals = target.indexOf('=', at)
  const nameEnd = equals === -1 || equals > end ? end : equals
  const rawName = target.slice(at, nameEnd)
  const rawValue = nameEnd === end ? '' : target.slice(nameEnd + 1, end)
  const name = PARAMETERS.get(rawName)
  if (name !== undefined) {
    const value = decode(rawValue)
    if (reading.fields[name] !== undefined) throw duplicate(name)
    if (reading.mayHoldControl && hasControl(value)) {
      throw malformed(name, 'expected no control characters')
    }
    reading.fields[name] = value
    reading.names.push(name)
  } else if (rawName === 'sig') {
    if (reading.rawSignature !== null) throw duplicate('sig')
    reading.rawSignature = rawValue
  } else {
    readOther(reading, rawName, rawValue)
  }
}

function readOther({ others }: Reading, rawName: string, rawValue: string): void {
  const name = decode(rawName)
  const lower = name.toLowerCase()
  // `Sp` or `s%70`: one reader would take it for the parameter, another would not.
  const isDisguised = SINGLE_NAMES.has(lower) && rawName !== lower
  if (isDisguised || PARAMETERS.has(lower) || lower === 'sig') {
    throw malformed(lower, 'expected the name in lower case and without escapes')
  }
  if (SINGLE_NAMES.has(lower) && otherOf({ others }, lower) !== null) throw duplicate(lower)
  others.push([name, decode(rawValue)])
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const decoded = decodeQueryText(text)
  if (decoded === null) throw malformed('query', 'expected escapes of UTF-8 text')
  return decoded
}

function kindOf(fields: AzureFields): AzureSasKind {
  if (fields.ss !== undefined || fields.srt !== undefined) return 'account'
  return fields.skoid !== undefined || fields.sktid !== undefined ? 'user-delegation' : 'service'
}

const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/

/** The signature behind its escapes. @throws {SigningError} `signature-malformed` */
export function decodeSignature(rawSignature: string): string {
  const decoded = decodeQueryText(rawSignature)
  if (decoded === null || !SIGNATURE.test(decoded)) throw signatureMalformed()
  return decoded
}

function signatureMalformed(): SigningError<'signature-malformed'> {
  return new SigningError('signature-malformed', 'sig is not a signature', { parameter: 'sig' })
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}
