/**
 * The query of a signed URL with all of Google's parameters in it. None of it is verified.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { V4Query } from '../../lib/v4-query.ts'
import { hasV4Authentication } from '../../lib/v4-query.ts'
import { QUERY_NAMES } from './params.ts'

/** A reading that lacks none of the six. */
export type GcsQuery = { readonly [Name in keyof V4Query]: NonNullable<V4Query[Name]> }

const PARAMETERS = [
  'algorithm',
  'credential',
  'date',
  'expires',
  'signedHeaders',
  'signature',
] as const

/**
 * The query of a signed URL, if it is one. @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`,
 * `parameter-malformed`
 */
export function requireGcsQuery(query: V4Query): GcsQuery {
  if (!hasV4Authentication(query)) {
    throw new SigningError('signature-missing', 'the request carries no signature of this kind', {
      dialect: 'gcs',
    })
  }
  for (const name of PARAMETERS) {
    if (query[name] === null) {
      const parameter = QUERY_NAMES[name]
      throw new SigningError('parameter-missing', `${parameter} is missing`, { parameter })
    }
  }
  return query as GcsQuery
}
