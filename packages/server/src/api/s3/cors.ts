/**
 * Which pages of other origins may use the object plane, and what their browsers have to be told [FETCH-CORS]. Cookies
 * mean nothing here, so credentials are never allowed: a page can do what its URL or its signature lets anybody do.
 */
import { CHECKSUM_ALGORITHMS } from '../../core/files/checksums.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import { createOriginList } from '../../http/allowed-origins.ts'
import type { AllowedOrigins } from '../../http/allowed-origins.ts'
import { findHeader } from '../../http/raw-headers.ts'
import type { Log } from '../../platform/log.ts'
import { checksumHeader } from './answers/checksum-headers.ts'
import type { S3Answer } from './face.ts'

export interface Cors {
  /** Pages of other origins are told nothing. */
  readonly isOff: boolean
  allows(raw: CapturedRequest): boolean
  /**
   * Adds to an answer of any status what lets an allowed page read it. Without it a refusal would look like a broken
   * network to the page.
   */
  share(answer: S3Answer, raw: CapturedRequest): void
  /** Logs the origin of a preflight that was refused, once: the browser tells its user nothing that helps. */
  reportRefused(raw: CapturedRequest): void
}

/** Headers that scripts use and that are not readable anyway. A wildcard would do, but some clients look for names. */
const EXPOSED: string = [
  'ETag',
  'Location',
  'Content-Range',
  'Accept-Ranges',
  'Content-Disposition',
  'x-hallpass-file-id',
  'x-hallpass-held',
  'x-amz-request-id',
  'x-amz-error-code',
  'x-amz-mp-parts-count',
  ...CHECKSUM_ALGORITHMS.map(checksumHeader),
  'x-amz-checksum-type',
].join(', ')
/** Whoever invents more origins than this fills no log. */
const MAX_REPORTED = 100

export function createCors(origins: AllowedOrigins, log: Log): Cors {
  const isForAll = origins === '*' || origins === null
  const isListed = createOriginList(isForAll ? [] : origins)
  const reported = new Set<string>()

  /** The value of `Access-Control-Allow-Origin`: text of ours, or an origin found in the list. */
  function chooseAllowed(raw: CapturedRequest): string | null {
    // Also without an Origin, or a cache would hand an answer for an image to a script, which may then not read it.
    if (origins === '*' || origins === null) return origins
    const origin = findHeader(raw.headers, 'origin')
    return origin !== null && isListed(origin) ? origin : null
  }

  return {
    isOff: origins === null,
    allows: (raw) => chooseAllowed(raw) !== null,
    share: ({ headers, errorCode }, raw) => {
      if (!isForAll) headers.push('Vary', 'Origin')
      const allowed = chooseAllowed(raw)
      if (allowed === null) return
      headers.push('Access-Control-Allow-Origin', allowed)
      headers.push('Access-Control-Expose-Headers', EXPOSED)
      if (errorCode !== undefined) headers.push('x-amz-error-code', errorCode)
    },
    reportRefused: (raw) => {
      const origin = readOrigin(findHeader(raw.headers, 'origin'))
      if (reported.has(origin) || reported.size === MAX_REPORTED) return
      reported.add(origin)
      log.warn(
        { origin, setting: 'HALLPASS_CORS_ORIGINS' },
        'preflight refused: HALLPASS_CORS_ORIGINS does not name the origin of the page',
      )
    },
  }
}

/** What a browser can send; anything else is text of somebody's own making, which belongs into no log. */
const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]{0,31}:\/\/[a-z0-9._[\]:-]{1,255})$/

function readOrigin(text: string | null): string {
  return text !== null && ORIGIN.test(text) ? text : 'not an origin'
}
