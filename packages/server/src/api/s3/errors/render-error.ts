/** Turns whatever an operation threw into an answer: XML for S3 clients, a page for people, a bare status for HEAD and 304. */
import { isSigningError } from '@hallpass/signing/errors'
import { isDomainError } from '../../../core/errors.ts'
import type { CapturedRequest } from '../../../http/capture-request.ts'
import { HttpFault } from '../../../http/faults.ts'
import { formatHttpDate } from '../../../http/http-date.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { StoreError } from '../../../platform/store-errors.ts'
import { describeDomainError } from './describe-domain-error.ts'
import { describeSigningError } from './describe-signing-error.ts'
import type { SignatureForm } from './describe-signing-error.ts'
import { PAGE_POLICY, formatErrorPage, wantsPage } from './error-page.ts'
import type { S3Answer } from '../face.ts'
import { INTERNAL_ERROR, describeHttpFault, describeStoreFault } from './s3-error.ts'
import type { S3Error } from './s3-error.ts'
import { formatXmlDocument } from '../answers/xml.ts'

/** In S3's words. What nobody foresaw is an internal error and says nothing about itself. */
export function describeError(error: unknown, form: SignatureForm): S3Error {
  if (isDomainError(error)) return describeDomainError(error)
  if (isSigningError(error)) return describeSigningError(error, form)
  if (error instanceof HttpFault) return describeHttpFault(error.code)
  if (error instanceof StoreError) return describeStoreFault(error.fault)
  return INTERNAL_ERROR
}

/** Half a signature in the query counts as one: whatever is wrong with it is told in that form's words. */
export function signatureForm(raw: CapturedRequest): SignatureForm {
  return hasAuthorization(raw) && !/[?&]X-Amz-/i.test(raw.target) ? 'header' : 'query'
}

function hasAuthorization(raw: CapturedRequest): boolean {
  return findHeader(raw.headers, 'authorization') !== null
}

/** True for what is a fault of ours and nobody could tell the client about: it belongs in the log. */
export function isUnforeseen(error: unknown): boolean {
  if (isDomainError(error)) return error.code === 'store-corrupt'
  if (isSigningError(error)) return describeError(error, 'query').status >= 500
  return !(error instanceof HttpFault)
}

/** The answer to `error`; signatures and secrets are in none of its parts. */
export function renderError(error: unknown, raw: CapturedRequest, requestId: string): S3Answer {
  const described = describeError(error, signatureForm(raw))
  if (described.status === 304) return renderNotModified(error)
  return renderS3Error(described, raw, requestId)
}

export function renderS3Error(
  described: S3Error,
  raw: CapturedRequest,
  requestId: string,
): S3Answer {
  const headers = [
    'X-Content-Type-Options',
    'nosniff',
    'Cache-Control',
    'private, no-store',
    'Referrer-Policy',
    'no-referrer',
    ...(described.headers ?? []),
  ]
  const accept = findHeader(raw.headers, 'accept')
  if (wantsPage(raw.method, accept, hasAuthorization(raw))) {
    const page = Buffer.from(formatErrorPage(described, requestId))
    headers.push('Content-Type', 'text/html; charset=utf-8')
    headers.push('Content-Security-Policy', PAGE_POLICY, 'X-Robots-Tag', 'noindex')
    return finish(described, headers, page)
  }
  headers.push('Content-Type', 'application/xml')
  const body = Buffer.from(formatErrorXml(described, raw, requestId))
  return finish(described, headers, body)
}

function finish({ status, code }: S3Error, headers: string[], body: Uint8Array): S3Answer {
  headers.push('Content-Length', String(body.byteLength))
  return { status, headers, body, errorCode: code }
}

export function formatErrorXml(error: S3Error, raw: CapturedRequest, requestId: string): string {
  const mark = raw.target.indexOf('?')
  const resource = mark === -1 ? raw.target : raw.target.slice(0, mark)
  return formatXmlDocument(
    'Error',
    [
      ['Code', error.code],
      ['Message', error.message],
      ...(error.elements ?? []),
      ['Resource', resource],
      ['RequestId', requestId],
      ['HostId', 'hallpass'],
    ],
    null,
  )
}

/** A 304 repeats the validators [RFC9110 15.4.5] and has no body. */
function renderNotModified(error: unknown): S3Answer {
  const headers = ['Cache-Control', 'private, no-cache']
  if (isDomainError(error) && error.code === 'not-modified') {
    const { etag, modifiedAt } = error.details
    headers.push('ETag', `"${etag}"`, 'Last-Modified', formatHttpDate(modifiedAt))
  }
  return { status: 304, headers, body: null }
}
