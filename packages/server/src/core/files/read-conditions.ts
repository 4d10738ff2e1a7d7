/** Conditional reads, in the order HTTP gives them [RFC9110 13.2.2]. Times compare in whole seconds, as HTTP dates do. */
import type { FileRecord } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'

export type EntityTags = '*' | readonly string[]

export interface ReadConditions {
  /** ETags without quotes. */
  readonly ifMatch?: EntityTags
  readonly ifNoneMatch?: EntityTags
  /** Milliseconds. */
  readonly ifModifiedSince?: number
  readonly ifUnmodifiedSince?: number
  /** The range holds only for this version; for any other the whole file is meant [RFC9110 13.1.5]. */
  readonly ifRange?: { readonly etag: string } | { readonly modifiedAt: number }
}

/** Returns if the read may go on; throws `precondition-failed` or `not-modified`. */
export function checkReadConditions(file: FileRecord, conditions: ReadConditions): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, file.etag)) throw failed('If-Match')
  } else if (
    ifUnmodifiedSince !== undefined &&
    seconds(file.modifiedAt) > seconds(ifUnmodifiedSince)
  ) {
    throw failed('If-Unmodified-Since')
  }
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, file.etag)) throw notModified(file)
  } else if (
    ifModifiedSince !== undefined &&
    seconds(file.modifiedAt) <= seconds(ifModifiedSince)
  ) {
    throw notModified(file)
  }
}

/** False if `If-Range` names another version, so that the range must be ignored. */
export function isRangeCurrent(file: FileRecord, conditions: ReadConditions): boolean {
  const { ifRange } = conditions
  if (ifRange === undefined) return true
  if ('etag' in ifRange) return ifRange.etag === file.etag
  return seconds(ifRange.modifiedAt) === seconds(file.modifiedAt)
}

function matches(tags: EntityTags, etag: string): boolean {
  return tags === '*' || tags.includes(etag)
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}

function failed(condition: string): DomainError<'precondition-failed'> {
  return refusal('precondition-failed', { condition })
}

function notModified({ etag, modifiedAt }: FileRecord): DomainError<'not-modified'> {
  return refusal('not-modified', { etag, modifiedAt })
}
