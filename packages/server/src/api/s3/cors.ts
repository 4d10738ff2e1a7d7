/**
 * Which pages of other origins may use the object plane, and what their browsers have to be told [FETCH-CORS]. Cookies
 * mean nothing here, so credentials are never allowed: a page can do what its URL or its signature lets anybody do.
 */
import type { CapturedRequest } from '../../http/capture-request.ts'
import { findHeader } from '../../http/raw-headers.ts'
import type { S3Answer } from './face.ts'

/** Spelled as browsers send them; `*` is every origin. */
export type AllowedOrigins = '*' | readonly string[]

export interface Cors {
  allows(raw: CapturedRequest): boolean
  /**
   * Adds to an answer of any status what lets an allowed page read it. Without it a refusal would look like a broken
   * network to the page.
   */
  share(answer: S3Answer, raw: CapturedRequest): void
}

/** Headers that scripts use and that are not readable anyway. A wildcard would do, but some clients look for names. */
const EXPOSED: string = [
  'ETag',
  'Location',
  'Content-Range',
  'Accept-Ranges',
  'Content-Disposition',
  'x-hallpass-file-id',
  'x-amz-request-id',
  'x-amz-error-code',
  'x-amz-mp-parts-count',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-md5',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
  'x-amz-checksum-type',
].join(', ')

export function createCors(origins: AllowedOrigins): Cors {
  const listed: ReadonlySet<string> | null = origins === '*' ? null : new Set(origins)

  /** The value of `Access-Control-Allow-Origin`: text of ours, also where it repeats the request. */
  function chooseAllowed(raw: CapturedRequest): string | null {
    // Also without an Origin, or a cache would hand an answer for an image to a script, which may then not read it.
    if (listed === null) return '*'
    const origin = findHeader(raw.headers, 'origin')
    return origin !== null && listed.has(origin) ? origin : null
  }

  return {
    allows: (raw) => chooseAllowed(raw) !== null,
    share: ({ headers, errorCode }, raw) => {
      if (listed !== null) headers.push('Vary', 'Origin')
      const allowed = chooseAllowed(raw)
      if (allowed === null) return
      headers.push('Access-Control-Allow-Origin', allowed)
      headers.push('Access-Control-Expose-Headers', EXPOSED)
      if (errorCode !== undefined) headers.push('x-amz-error-code', errorCode)
    },
  }
}
