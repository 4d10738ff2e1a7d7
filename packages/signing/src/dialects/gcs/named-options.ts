/**
 * Options of a signed URL that stand for a parameter or a header: what people ask for by a name, the service by another.
 *
 * @module
 */
import type { DownloadOptions } from '../../lib/content-disposition.ts'
import { dispositionOf } from '../../lib/content-disposition.ts'
import type { PairList } from '../../lib/pairs.ts'
import { toPairList } from '../../lib/pairs.ts'
import type { Pairs } from '../../types.ts'

/** What a URL fixes by name. What an upload is bound to it has to send: see the `headers` of the answer. */
export interface GcsNamedOptions extends DownloadOptions {
  /** Binds an upload to this `Content-Type`. */
  readonly contentType?: string | undefined
  /** Binds an upload to this size in bytes. */
  readonly contentLength?: number | undefined
  /** Binds an upload to a size between these, both included. */
  readonly contentLengthRange?: readonly [minBytes: number, maxBytes: number] | undefined
}

/** The parameters, with what the options stand for. @throws {TypeError} */
export function queryWithNames(options: GcsNamedOptions, query: Pairs | undefined): PairList {
  return withPair(toPairList(query, 'query'), 'query', [
    'response-content-disposition',
    dispositionOf(options),
  ])
}

/** The headers, with what the options stand for. @throws {TypeError | RangeError} naming the option */
export function headersWithNames(
  { contentLength, contentLengthRange, contentType }: GcsNamedOptions,
  headers: Pairs | undefined,
): PairList {
  const typed = withPair(toPairList(headers, 'headers'), 'headers', ['content-type', contentType])
  const sized = withPair(typed, 'headers', ['content-length', readLength(contentLength)])
  const range = ['x-goog-content-length-range', readRange(contentLengthRange)] as const
  return withPair(sized, 'headers', range)
}

function withPair(
  list: PairList,
  parameter: string,
  [name, value]: readonly [string, string | undefined],
): PairList {
  if (value === undefined) return list
  if (list.some(([other]) => other.toLowerCase() === name)) {
    throw new TypeError(`${parameter} must not hold ${name}: an option says it already`)
  }
  return [...list, [name, value]]
}

function isSize(bytes: number | undefined): bytes is number {
  return Number.isSafeInteger(bytes) && bytes !== undefined && bytes >= 0
}

function readLength(contentLength: number | undefined): string | undefined {
  if (contentLength === undefined) return undefined
  if (isSize(contentLength)) return `${contentLength}`
  throw new RangeError('contentLength must be a whole number of bytes')
}

function readRange(range: GcsNamedOptions['contentLengthRange']): string | undefined {
  if (range === undefined) return undefined
  if (Array.isArray(range) && range.length === 2) {
    const [minBytes, maxBytes] = range
    if (isSize(minBytes) && isSize(maxBytes) && minBytes <= maxBytes) {
      return `${minBytes},${maxBytes}`
    }
  }
  throw new RangeError('contentLengthRange must be two whole numbers of bytes, the smaller first')
}
