/**
 * Options of a presigned URL that stand for a parameter or a header: what people ask for by a name, S3 by another.
 *
 * @module
 */
import { toBase64 } from '../../lib/bytes.ts'
import type { DownloadOptions } from '../../lib/content-disposition.ts'
import { dispositionOf } from '../../lib/content-disposition.ts'
import type { PairList } from '../../lib/pairs.ts'
import { toPairList } from '../../lib/pairs.ts'
import type { Pairs } from '../../types.ts'
import { outOfRange, wrongOption } from '../../lib/wrong-option.ts'

/** What a URL fixes by name. What an upload is bound to it has to send: see the `headers` of the answer. */
export interface S3NamedOptions extends DownloadOptions {
  /** Binds an upload to this `Content-Type`. */
  readonly contentType?: string | undefined
  /** Binds an upload to this size in bytes. */
  readonly contentLength?: number | undefined
  /** Binds an upload to this content: its SHA-256, as 32 bytes or in base64. The service compares it with the body. */
  readonly checksumSha256?: string | Uint8Array | undefined
}

interface Expandable extends S3NamedOptions {
  readonly query?: Pairs | undefined
  readonly headers?: Pairs | undefined
}

/** What named options become. */
export interface ExpandedPairs {
  readonly query: PairList
  readonly headers: PairList
}

/** The request with what its named options stand for. @throws {TypeError | RangeError} naming the option */
export function expandNamedOptions<Request extends Expandable>(
  request: Request,
): Request & ExpandedPairs {
  const { checksumSha256, contentLength, contentType, headers, query } = request
  return {
    ...request,
    query: withNamed(query, 'query', {
      'response-content-disposition': dispositionOf(request),
    }),
    headers: withNamed(headers, 'headers', {
      'content-type': contentType,
      'content-length': readLength(contentLength),
      'x-amz-checksum-sha256': readChecksum(checksumSha256),
    }),
  }
}

function withNamed(
  given: Pairs | undefined,
  parameter: string,
  named: Readonly<Record<string, string | undefined>>,
): PairList {
  const list = [...toPairList(given, parameter)]
  for (const [name, value] of Object.entries(named)) {
    if (value === undefined) continue
    if (list.some(([other]) => other.toLowerCase() === name)) {
      throw wrongOption(`${parameter} must not hold ${name}: an option says it already`)
    }
    list.push([name, value])
  }
  return list
}

function readLength(contentLength: number | undefined): string | undefined {
  if (contentLength === undefined) return undefined
  if (Number.isSafeInteger(contentLength) && contentLength >= 0) return `${contentLength}`
  throw outOfRange('contentLength must be a whole number of bytes')
}

const SHA256_BYTES = 32
/** Base64 of so many bytes, whose last digit stands for four bits alone. */
const SHA256_BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

function readChecksum(checksum: string | Uint8Array | undefined): string | undefined {
  if (checksum === undefined) return undefined
  if (checksum instanceof Uint8Array && checksum.length === SHA256_BYTES) return toBase64(checksum)
  if (typeof checksum === 'string' && SHA256_BASE64.test(checksum)) return checksum
  throw wrongOption('checksumSha256 must be the 32 bytes of a SHA-256, or base64 of them')
}
