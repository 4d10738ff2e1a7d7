/**
 * Takes an `Authorization` header of version 4 apart:
 *
 * ```
 * AWS4-HMAC-SHA256 Credential=keyId/day/region/service/aws4_request, SignedHeaders=a;b, Signature=hex
 * ```
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC } from './params.ts'

export interface S3Authorization {
  readonly algorithm: string
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
}

/** The word before the first blank. */
export function authorizationScheme(authorization: string): string {
  const text = authorization.trimStart()
  const blank = text.indexOf(' ')
  return blank === -1 ? text : text.slice(0, blank)
}

/** True for the schemes of Amazon's signatures, the abandoned version 2 among them. */
export function isAmazonScheme(scheme: string): boolean {
  return scheme === 'AWS' || scheme.startsWith('AWS4-')
}

/** The parts of the header; each must be there once, and nothing else [SIGV4-HEADER]. */
export function parseS3Authorization(authorization: string): S3Authorization {
  const algorithm = authorizationScheme(authorization)
  if (algorithm !== ALGORITHM_HMAC && algorithm !== ALGORITHM_ECDSA) refuseAlgorithm(algorithm)
  const parts = new Map<string, string>()
  for (const piece of authorization.trim().slice(algorithm.length).split(',')) {
    const equals = piece.indexOf('=')
    const name = piece.slice(0, Math.max(equals, 0)).trim()
    if (equals === -1) refuseComponents(malformedComponent(piece.trim()))
    if (parts.has(name)) refuseComponents(THREE_COMPONENTS)
    parts.set(name, piece.slice(equals + 1).trim())
  }
  const credential = takeComponent(parts, 'Credential')
  const signedHeaders = takeComponent(parts, 'SignedHeaders')
  const signature = parts.get('Signature')
  if (signature === undefined) return refuseComponents('missing Signature.')
  if (parts.size !== 3) return refuseComponents(THREE_COMPONENTS)
  return { algorithm, credential, signedHeaders, signature }
}

const THREE_COMPONENTS =
  'the authorization header requires three components: Credential, SignedHeaders, and Signature.'

function takeComponent(parts: ReadonlyMap<string, string>, name: string): string {
  const text = parts.get(name)
  return text === undefined || text === '' ? refuseComponents(`missing ${name}.`) : text
}

/** Quoted only where it cannot be a signature or a secret. */
function malformedComponent(piece: string): string {
  if (piece === '') return THREE_COMPONENTS
  return /^[A-Za-z-]{1,40}$/.test(piece)
    ? `the authorization component "${piece}" is malformed.`
    : 'an authorization component is malformed.'
}

/** `reason` in the words of S3, which differ by the fault. */
function refuseComponents(reason: string): never {
  throw new SigningError('parameter-malformed', 'the Authorization header is malformed', {
    parameter: 'Authorization',
    reason,
  })
}

/** Refuses an algorithm, Amazon's version 2 among them: it is named `AWS`. */
export function refuseAlgorithm(
  algorithm: string,
  supported: readonly string[] = [ALGORITHM_HMAC, ALGORITHM_ECDSA],
): never {
  throw new SigningError('algorithm-unsupported', 'the signing algorithm is not supported', {
    algorithm: algorithm.slice(0, 64),
    supported,
  })
}
