/** The body of a request as it is meant: framing undone, and every digest that must hold in the end. */
import { decodeChunkedBody } from '@hallpass/signing/s3'
import type { S3StreamingPayload, S3Trailers } from '@hallpass/signing/s3'
import type { ChecksumAlgorithm } from '../../../catalog/records.ts'
import type { ExpectedDigest } from '../../../core/files/checked-body.ts'
import { HttpFault } from '../../../http/faults.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { readBody } from '../../../http/read-body.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Face, S3Request } from '../face.ts'
import {
  checksumAlgorithm,
  parseContentMd5,
  parseDigest,
  parseUploadDigests,
  requireOneChecksum,
} from './upload-checksums.ts'

export interface UploadBody {
  readonly body: AsyncIterable<Uint8Array>
  /** Announced, without framing; `null` if nobody said. */
  readonly contentLength: number | null
  /** What the client asked to have computed, and gets back. */
  readonly checksums: readonly ChecksumAlgorithm[]
  /** Complete once the body has been read. */
  readonly expected: () => readonly ExpectedDigest[]
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

const DECIMAL = /^\d{1,15}$/

/** Throws `digest-invalid`, `checksum-conflict`, and what is wrong with the framing's announcement. No byte is asked for yet. */
export function openUploadBody(face: S3Face, request: S3Request): UploadBody {
  const upload = openBody(face, request, parseUploadDigests(request))
  requireOneChecksum(request, upload.checksums)
  return upload
}

/** Of a request whose `x-amz-checksum-*` are not of its body but of what the body is about. Throws as `openUploadBody` does. */
export function openDescribingBody(face: S3Face, request: S3Request): UploadBody {
  return openBody(face, request, parseContentMd5(request))
}

function openBody(face: S3Face, request: S3Request, digests: ExpectedDigest[]): UploadBody {
  const { payload, source } = request
  const wire = readBody(source, face.deadlines, face.limits)
  const signal = abortWith(source.response)
  if (payload.kind === 'streaming') return openStreamingBody(wire, { payload, digests, signal })
  if (payload.kind === 'sha256') {
    const value = Buffer.from(payload.sha256, 'hex')
    digests.push({ algorithm: 'sha256', value, check: 'x-amz-content-sha256' })
  }
  return {
    body: wire,
    contentLength: parseContentLength(request),
    checksums: checksumsOf(digests),
    expected: () => digests,
    signal,
  }
}

/** The announced size of a body that is stored; throws `length-required`. */
export function requireContentLength({ contentLength }: UploadBody): number {
  if (contentLength === null) throw s3Refusal('length-required', {})
  return contentLength
}

interface StreamingBody {
  readonly payload: S3StreamingPayload
  readonly digests: readonly ExpectedDigest[]
  readonly signal: AbortSignal
}

/** `aws-chunked`: the length is that of the data, and a checksum may follow the data. */
function openStreamingBody(
  wire: AsyncIterable<Uint8Array>,
  { payload, digests, signal }: StreamingBody,
): UploadBody {
  const announced = payload.trailers.map(requireTrailerAlgorithm)
  let trailers: S3Trailers = new Map()
  const body = decodeChunkedBody(wire, payload, (arrived) => {
    trailers = arrived
  })
  return {
    body,
    contentLength: payload.decodedLength,
    checksums: [...checksumsOf(digests), ...announced],
    expected: () => [
      ...digests,
      ...[...trailers].map(([name, value]) =>
        parseDigest(name, requireTrailerAlgorithm(name), value),
      ),
    ],
    signal,
  }
}

function requireTrailerAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithm(name)
  if (algorithm !== null) return algorithm
  throw s3Refusal('not-implemented', { feature: name })
}

/** Those that came as `x-amz-checksum-*`: MD5 and the payload hash are S3's own business and are not echoed. */
export function checksumsOf(digests: readonly ExpectedDigest[]): ChecksumAlgorithm[] {
  return digests
    .filter(({ check }) => check.startsWith('x-amz-checksum-'))
    .map(({ algorithm }) => algorithm)
}

function parseContentLength({ raw }: S3Request): number | null {
  const text = findHeader(raw.headers, 'content-length')
  return text !== null && DECIMAL.test(text) ? Number(text) : null
}

/** Aborts when the client goes away before it is answered. */
export function abortWith(response: S3Request['source']['response']): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new HttpFault('client-gone'))
  })
  return controller.signal
}
