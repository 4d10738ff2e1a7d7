/** The headers of the protocol: each once, and in its form or refused [TUS-1]. */
import { refusal } from '../../core/errors.ts'
import type { ExpectedDigest } from '../../core/files/checked-body.ts'
import { headerValues } from '../../http/raw-headers.ts'
import type { RawHeaders } from '../../http/raw-headers.ts'
import { CHECKSUM_HEADER } from './tus-refusal.ts'

/** `null` if it is not there; throws `field-invalid` if it is there twice. */
export function readHeader(headers: RawHeaders, name: string): string | null {
  const [value = null, ...others] = headerValues(headers, name.toLowerCase())
  if (others.length > 0) throw invalid(name, 'it is there more than once')
  return value
}

/** Of what a number can hold. */
const WHOLE = /^(?:0|[1-9]\d{0,15})$/

export function readNumber(headers: RawHeaders, name: string): number | null {
  const text = readHeader(headers, name)
  if (text === null) return null
  const value = WHOLE.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw invalid(name, 'it must be a number of bytes')
  return value
}

/** How long the upload will be: `null` until it is said later [TUS-1 creation-defer-length]. */
export function readLength(headers: RawHeaders): number | null {
  const length = readNumber(headers, 'Upload-Length')
  const deferred = readHeader(headers, 'Upload-Defer-Length')
  if (deferred !== null && deferred !== '1')
    throw invalid('Upload-Defer-Length', 'it can only be 1')
  if ((length === null) === (deferred === null)) {
    throw invalid('Upload-Length', 'it must be there, or else Upload-Defer-Length: 1')
  }
  return length
}

const ALGORITHMS = { sha1: 20, sha256: 32, md5: 16 } as const

/** As `Tus-Checksum-Algorithm` names them. */
export const CHECKSUM_ALGORITHMS: string = Object.keys(ALGORITHMS).join(',')

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export function readChecksum(headers: RawHeaders): ExpectedDigest | null {
  const text = readHeader(headers, CHECKSUM_HEADER)
  if (text === null) return null
  const [name = '', digest = '', ...rest] = text.split(' ')
  const algorithm = isKnown(name) ? name : null
  if (algorithm === null) throw invalid(CHECKSUM_HEADER, `it can be one of ${CHECKSUM_ALGORITHMS}`)
  const value = Buffer.from(digest, 'base64')
  const isDigest = BASE64.test(digest) && value.length === ALGORITHMS[algorithm]
  if (!isDigest || rest.length > 0) throw invalid(CHECKSUM_HEADER, 'its digest is not in base64')
  return { algorithm, value, check: CHECKSUM_HEADER }
}

function isKnown(name: string): name is keyof typeof ALGORITHMS {
  return Object.hasOwn(ALGORITHMS, name)
}

/** What the upload is to the whole [TUS-1 concatenation]; `null` for one that is the whole. */
export function readConcat(
  headers: RawHeaders,
):
  | { readonly kind: 'partial' }
  | { readonly kind: 'final'; readonly urls: readonly string[] }
  | null {
  const text = readHeader(headers, 'Upload-Concat')
  if (text === null) return null
  if (text === 'partial') return { kind: 'partial' }
  const [, list = null] = /^final;(.*)$/.exec(text) ?? []
  if (list === null) throw invalid('Upload-Concat', 'it must be partial, or final; and addresses')
  return { kind: 'final', urls: list.split(' ').filter((url) => url !== '') }
}

/** Announced in `Content-Length`; `null` for a body that comes in chunks. Node has checked its form. */
export function readContentLength(headers: RawHeaders): number | null {
  const isChunked = readHeader(headers, 'Transfer-Encoding') !== null
  return isChunked ? null : (readNumber(headers, 'Content-Length') ?? 0)
}

export function invalid(field: string, reason: string): Error {
  return refusal('field-invalid', { field, reason })
}
