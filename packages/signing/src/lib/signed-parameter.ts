/**
 * Takes the parameter that holds a signature out of a raw query, for schemes that sign the rest of the text as it came.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import { assertNotExpired, parseEpochSeconds } from './expiry.ts'
import { decodeQueryText } from './raw-target.ts'

/** The value as it came, and the other pieces of the query, in order, byte for byte. */
export interface SplitQuery {
  readonly value: string
  /** Joined by ampersands; empty if nothing is left. */
  readonly rest: string
}

/** What a piece of a query is called, and what stands behind its `=`. */
interface Piece {
  readonly rawName: string
  readonly rawValue: string
}

function splitPiece(piece: string): Piece {
  const equals = piece.indexOf('=')
  if (equals === -1) return { rawName: piece, rawValue: '' }
  return { rawName: piece.slice(0, equals), rawValue: piece.slice(equals + 1) }
}

/**
 * The parameter of this name, which must be there once and spelled plainly: a name written with escapes is another one
 * to some readers and the same to others.
 *
 * @throws {SigningError} `signature-missing`, `parameter-duplicate`, `parameter-malformed`
 */
export function takeSignature(query: string | null, name: string, dialect: string): SplitQuery {
  const pieces = (query ?? '').split('&')
  const found = pieces.filter((piece) => isNamed(piece, name))
  const [piece] = found
  if (piece === undefined) {
    throw new SigningError('signature-missing', `the request has no parameter ${name}`, { dialect })
  }
  if (found.length > 1) throw duplicate(name)
  const { rawName, rawValue } = splitPiece(piece)
  if (rawName !== name) throw disguised(name)
  return { value: rawValue, rest: pieces.filter((other) => other !== piece).join('&') }
}

/**
 * The end that a parameter names in epoch seconds, `null` without one.
 *
 * @throws {SigningError} `parameter-duplicate`, `parameter-malformed`
 */
export function readEnd(query: string, name: string): number | null {
  const found = query.split('&').filter((piece) => isNamed(piece, name))
  const [piece] = found
  if (piece === undefined) return null
  if (found.length > 1) throw duplicate(name)
  const { rawName, rawValue } = splitPiece(piece)
  if (rawName !== name) throw disguised(name)
  return parseEpochSeconds(rawValue, name)
}

/** Refuses what has ended, and what has no end where one is asked for; gives the moment back. */
export function assertEnd(
  endSeconds: number | null,
  name: string,
  { now, requiresEnd }: { readonly now: Date; readonly requiresEnd: boolean },
): Date | null {
  if (endSeconds === null) {
    if (!requiresEnd) return null
    throw new SigningError('parameter-missing', `the request has no parameter ${name}`, {
      parameter: name,
    })
  }
  assertNotExpired(endSeconds, now)
  return new Date(endSeconds * 1000)
}

/** Blanks before a name are left out by some readers of queries. */
function isNamed(piece: string, name: string): boolean {
  const { rawName } = splitPiece(piece)
  return rawName === name || decodeQueryText(rawName)?.trim() === name
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}

function disguised(parameter: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `the name ${parameter} is not spelled plainly`, {
    parameter,
    reason: 'expected its name without escapes and blanks',
  })
}
