/**
 * Where a listing goes on, in a form nobody can read, forge, or carry to another listing: sealed, with a
 * key that is for nothing else, together with the bucket, prefix and delimiter it belongs to.
 */
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import type { CoreContext } from '../../../core/context.ts'

export interface ListedPlace {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string
}

const BASE64URL = /^[A-Za-z0-9_-]{38,4096}$/

export function formatContinuationToken(
  core: CoreContext,
  place: ListedPlace,
  after: string,
): string {
  const sealed = core.sealer.for('listing-token').seal(label(place), after)
  return Buffer.from(sealed).toString('base64url')
}

/** The key to go on after; throws `field-invalid` for whatever this server did not make for this very listing. */
export function parseContinuationToken(
  core: CoreContext,
  place: ListedPlace,
  token: string,
): string {
  if (!BASE64URL.test(token)) throw invalid()
  try {
    return core.sealer.for('listing-token').open(label(place), Buffer.from(token, 'base64url'))
  } catch {
    throw invalid()
  }
}

/** Lengths keep `a` + `bc` and `ab` + `c` apart. */
function label({ bucket, prefix, delimiter }: ListedPlace): string {
  return `${bucket}/${prefix.length}:${prefix}${delimiter}`
}

function invalid(): DomainError<'field-invalid'> {
  const reason = 'it was not made by this server for this listing'
  return refusal('field-invalid', { field: 'continuation-token', reason })
}
