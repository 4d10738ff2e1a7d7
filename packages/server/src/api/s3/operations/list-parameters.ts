/** The query parameters that both versions of ListObjects share. */
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { MAX_LIST_ENTRIES } from '../../../core/limits.ts'
import { parseKeyPrefix } from '../../../core/paths.ts'
import { queryValue } from '../face.ts'
import type { S3Request } from '../face.ts'
import { parseCount } from '../uploads/part-parameters.ts'
import type { ListedPlace } from './continuation-token.ts'

export interface ListParameters extends ListedPlace {
  readonly maxKeys: number
  /** Keys are percent-encoded, so that any key can stand in XML. */
  readonly encodesUrl: boolean
}

const MAX_TEXT_LENGTH = 1024

export function parseListParameters(request: S3Request): ListParameters {
  return {
    bucket: request.path.bucket,
    prefix: parseKeyPrefix(queryValue(request, 'prefix') ?? ''),
    delimiter: parseDelimiter(queryValue(request, 'delimiter') ?? ''),
    maxKeys: parseMaxKeys(queryValue(request, 'max-keys')),
    encodesUrl: parseEncodingType(queryValue(request, 'encoding-type')),
  }
}

/** A place in the order of keys that the client names itself: `start-after`, `marker`. */
export function parsePlace(request: S3Request, name: string): string {
  const text = queryValue(request, name) ?? ''
  if (!text.isWellFormed() || text.length > MAX_TEXT_LENGTH) {
    throw invalid(name, 'it cannot be a key')
  }
  return text
}

function parseDelimiter(text: string): string {
  if (text.isWellFormed() && text.length <= MAX_TEXT_LENGTH && !text.includes('\0')) return text
  throw invalid('delimiter', 'it cannot be part of a key')
}

/** More than a page holds is no fault: the page is simply as large as it can be. */
function parseMaxKeys(text: string | null): number {
  if (text === null || text === '') return MAX_LIST_ENTRIES
  return Math.min(parseCount('max-keys', text), MAX_LIST_ENTRIES)
}

function parseEncodingType(text: string | null): boolean {
  if (text === null || text === '') return false
  if (text !== 'url') throw invalid('encoding-type', 'Invalid Encoding Method specified in Request')
  return true
}

function invalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
