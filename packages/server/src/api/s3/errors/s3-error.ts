/** A refusal in S3's words [S3-ERRORS], before it is written as XML, as a page, or as a bare status. */
import type { HttpFaultCode } from '../../../http/faults.ts'
import type { StoreFault } from '../../../platform/store-errors.ts'
import type { XmlElement } from '../answers/xml.ts'

export interface S3Error {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly elements?: readonly XmlElement[]
  readonly headers?: readonly string[]
}

export function denied(message: string, elements: readonly XmlElement[] = []): S3Error {
  return { status: 403, code: 'AccessDenied', message, elements }
}

export function bad(code: string, message: string, elements: readonly XmlElement[] = []): S3Error {
  return { status: 400, code, message, elements }
}

export const INTERNAL_ERROR: S3Error = {
  status: 500,
  code: 'InternalError',
  message: 'We encountered an internal error. Please try again.',
}

export const UNAVAILABLE: S3Error = {
  status: 503,
  code: 'ServiceUnavailable',
  message: 'The service cannot answer right now. Please try again.',
  headers: ['Retry-After', '1'],
}

export const PAYLOAD_MISMATCH: S3Error = bad(
  'XAmzContentSHA256Mismatch',
  "The provided 'x-amz-content-sha256' header does not match what was computed.",
)

export const LENGTH_REQUIRED: S3Error = {
  status: 411,
  code: 'MissingContentLength',
  message: 'You must provide the Content-Length HTTP header.',
}

const HTTP_FAULTS = {
  'body-too-slow': {
    status: 408,
    code: 'RequestTimeout',
    message:
      'Your socket connection to the server was not read from or written to within the timeout period.',
    headers: ['Connection', 'close'],
  },
  'client-gone': { status: 400, code: 'RequestTimeout', message: 'The client is gone.' },
  'host-not-served': {
    status: 421,
    code: 'MisdirectedRequest',
    // What an SDK meets that was not told to leave the bucket in the path; it shows the message alone.
    message:
      'No files are served under the host name of this request. If a bucket stands in it, have the client use path-style addresses, or set HALLPASS_DOMAIN.',
  },
} satisfies Record<HttpFaultCode, S3Error>

const STORE_FAULTS = {
  unavailable: UNAVAILABLE,
  refused: UNAVAILABLE,
  conflict: {
    status: 409,
    code: 'OperationAborted',
    message: 'A conflicting operation is in progress.',
  },
  corrupt: INTERNAL_ERROR,
  full: {
    status: 507,
    code: 'InsufficientStorage',
    message: 'There is no room left for this here. Nothing was stored.',
  },
} satisfies Record<StoreFault, S3Error>

export function describeHttpFault(code: HttpFaultCode): S3Error {
  return HTTP_FAULTS[code]
}

export function describeStoreFault(fault: StoreFault): S3Error {
  return STORE_FAULTS[fault]
}

/** No origin is allowed at all. */
export const CORS_DISABLED: S3Error = {
  status: 403,
  code: 'AccessForbidden',
  message: 'CORSResponse: CORS is not enabled for this bucket.',
  elements: [
    [
      'Remedy',
      'Set CORS rules of the bucket (PutBucketCors), or name the origin in HALLPASS_CORS_ORIGINS.',
    ],
  ],
}

export const PREFLIGHT_REFUSED: S3Error = {
  status: 403,
  code: 'AccessForbidden',
  message: 'CORSResponse: This CORS request is not allowed.',
  elements: [
    [
      'Remedy',
      'Let a CORS rule of the bucket allow this origin, this method and every header that is asked for.',
    ],
  ],
}
