/**
 * Takes the token out of a raw request: every parameter once, in its own name, signed by this kind of token at this
 * version. None of it is verified.
 *
 * @module
 */

import { decodeQueryText, splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { AzureFields, AzureParameter, AzureSasKind } from './params.ts'
import {
  AZURE_PARAMETERS,
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
  readonly sig: string
  /** The parameters beside the token, decoded, in order. */
  readonly others: readonly (readonly [name: string, value: string])[]
}

const TOKEN_NAMES: ReadonlySet<string> = new Set([...AZURE_PARAMETERS, 'sig'])
// What selects the operation or the moment must be as unambiguous as the token.
const SINGLE_NAMES: ReadonlySet<string> = new Set(['comp', 'restype', 'snapshot', 'versionid'])
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/

/**
 * The token of a request. @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`,
 * `parameter-malformed`, `signature-malformed`
 */
export function readAzureToken(request: RawRequest): AzureToken {
  const values = new Map<string, string>()
  const others: [string, string][] = []
  for (const piece of (splitTarget(request.target).query ?? '').split('&')) {
    if (piece !== '') readPiece(piece, values, others)
  }
  const sig = values.get('sig')
  if (sig === undefined) {
    if (values.has('sv') && (values.has('sp') || values.has('si'))) throw missing('sig')
    throw new SigningError('signature-missing', 'the request carries no shared access signature', {
      dialect: 'azure',
    })
  }
  if (!SIGNATURE.test(sig)) {
    throw new SigningError('signature-malformed', 'sig is not a signature', { parameter: 'sig' })
  }
  const kind = kindOf(values)
  return { kind, fields: toFields(kind, values), sig, others }
}

/** The value of one of the parameters beside the token; it came once or not at all. */
export function otherOf({ others }: AzureToken, name: string): string | null {
  return others.find(([other]) => other === name)?.[1] ?? null
}

function readPiece(piece: string, values: Map<string, string>, others: [string, string][]): void {
  const equals = piece.indexOf('=')
  const rawName = equals === -1 ? piece : piece.slice(0, equals)
  const isPlain = TOKEN_NAMES.has(rawName)
  const name = isPlain ? rawName : decodeQueryText(rawName)
  const value = equals === -1 ? '' : decodeQueryText(piece.slice(equals + 1))
  if (name === null || value === null) throw malformed('query', 'expected escapes of UTF-8 text')
  if (isPlain) {
    if (values.has(name)) throw duplicate(name)
    if (hasControl(value)) throw malformed(name, 'expected no control characters')
    values.set(name, value)
    return
  }
  const lower = name.toLowerCase()
  // `Sp` or `s%70`: one reader would take it for the parameter, another would not.
  if (TOKEN_NAMES.has(lower) || (SINGLE_NAMES.has(lower) && rawName !== lower)) {
    throw malformed(lower, 'expected the name in lower case and without escapes')
  }
  if (SINGLE_NAMES.has(lower) && others.some(([other]) => other === lower)) throw duplicate(lower)
  others.push([name, value])
}

function kindOf(values: ReadonlyMap<string, string>): AzureSasKind {
  if (values.has('ss') || values.has('srt')) return 'account'
  return values.has('skoid') || values.has('sktid') ? 'user-delegation' : 'service'
}

function toFields(kind: AzureSasKind, values: ReadonlyMap<string, string>): AzureFields {
  const version = values.get('sv')
  if (version === undefined) throw missing('sv')
  if (!isKnownVersion(kind, version))
    throw malformed('sv', 'expected a version with this kind of token')
  const fields: AzureFields = {}
  for (const [name, value] of values) {
    if (name === 'sig') continue
    // Whatever is not under the signature could have been added by anybody.
    if (!isSigned(kind, version, name as AzureParameter)) {
      throw malformed(name, 'this kind and version of token does not sign it')
    }
    fields[name as AzureParameter] = value
  }
  return fields
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}
