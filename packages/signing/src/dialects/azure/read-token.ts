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
import type { AzureServiceLines } from './string-to-sign.ts'
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
  readonly kind: AzureSasKind
  readonly fields: AzureFields
  /** Escaped, as it came: the end of this text, from here on. */
  readonly signatureText: string
  readonly signatureStart: number
  /** The parameters beside the token, decoded, in order. */
  readonly others: readonly (readonly [name: string, value: string])[]
  /** What follows from the rest: worked out once for all tokens that differ in the signature only. */
  readonly memo: AzureTokenMemo
}

/** Filled by whoever works something out. What is refused is not in it, and is refused anew each time. */
export interface AzureTokenMemo {
  terms: AzureTerms | null
  serviceLines: AzureServiceLines | null
}

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
 * The token of a request. @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`,
 * `parameter-malformed`, `signature-malformed`
 */
export function readAzureToken({ target }: RawRequest): AzureToken {
  const mark = target.indexOf('?')
  const signatureAt = target.indexOf('&sig=')
  const isLast = signatureAt > mark && mark !== -1 && !target.includes('&', signatureAt + 1)
  const length = isLast ? signatureAt - mark - 1 : 0
  if (!isLast || length > MAX_HEAD_LENGTH) return parseToken(target, mark)
  const known = findHead(target, mark + 1, length)
  if (known !== undefined) {
    const { kind, fields, others, memo } = known
    const signatureStart = signatureAt + '&sig='.length
    assertSignatureLength(target.length - signatureStart)
    return { kind, fields, others, memo, signatureText: target, signatureStart }
  }
  const token = parseToken(target, mark)
  heads.set(target.slice(mark + 1, signatureAt), token)
  return token
}

type Head = Pick<AzureToken, 'kind' | 'fields' | 'others' | 'memo'>

// Tokens made in one second, and those of a container, differ in nothing but the signature at their end.
const heads = createBoundedCache<string, Head>(256)
const MAX_HEAD_LENGTH = 512
// The last one found: to compare it takes less than to look one up.
let lastText = ''
let lastHead: Head | undefined

function findHead(target: string, start: number, length: number): Head | undefined {
  const text = target.slice(start, start + length)
  if (text === lastText) return lastHead
  const head = heads.get(text)
  if (head !== undefined) {
    lastText = text
    lastHead = head
  }
  return head
}

function parseToken(target: string, mark: number): AzureToken {
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
export function otherOf({ others }: Pick<AzureToken, 'others'>, name: string): string | null {
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
  assertSignatureLength(rawSignature.length)
  const kind = kindOf(fields)
  const version = fields.sv
  if (version === undefined) throw missing('sv')
  const signed = signedNames(kind, version)
  for (const name of names) {
    // Whatever is not under the signature could have been added by anybody.
    if (!signed.has(name)) throw malformed(name, 'this kind and version of token does not sign it')
  }
  const memo = { terms: null, serviceLines: null }
  return { kind, fields, others, memo, signatureText: rawSignature, signatureStart: 0 }
}

function assertSignatureLength(length: number): void {
  if (length < MIN_SIGNATURE || length > MAX_SIGNATURE) throw signatureMalformed()
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

// Times, names of scopes and the like come again and again.
const decodedTexts = createBoundedCache<string, string>(256)
const MAX_CACHED_LENGTH = 48

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const known = decodedTexts.get(text)
  if (known !== undefined) return known
  const decoded = decodeQueryText(text)
  if (decoded === null) throw malformed('query', 'expected escapes of UTF-8 text')
  if (text.length <= MAX_CACHED_LENGTH) decodedTexts.set(text, decoded)
  return decoded
}

function kindOf(fields: AzureFields): AzureSasKind {
  if (fields.ss !== undefined || fields.srt !== undefined) return 'account'
  return fields.skoid !== undefined || fields.sktid !== undefined ? 'user-delegation' : 'service'
}

const signedByVersion = {
  service: createBoundedCache<string, ReadonlySet<AzureParameter>>(32),
  account: createBoundedCache<string, ReadonlySet<AzureParameter>>(32),
  'user-delegation': createBoundedCache<string, ReadonlySet<AzureParameter>>(32),
}

function signedNames(kind: AzureSasKind, version: string): ReadonlySet<AzureParameter> {
  const known = signedByVersion[kind].get(version)
  if (known !== undefined) return known
  if (!isKnownVersion(kind, version)) {
    throw malformed('sv', 'expected a version with this kind of token')
  }
  const names = new Set(AZURE_PARAMETERS.filter((name) => isSigned(kind, version, name)))
  signedByVersion[kind].set(version, names)
  return names
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
