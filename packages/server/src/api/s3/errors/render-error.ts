/** Turns whatever an operation threw into an answer: XML for S3 clients, a page for people, a bare status for HEAD and 304. */
import { isSigningError } from '@hallpass/signing/errors'
import { redact } from '@hallpass/signing/redact'
import { isDomainError, isRefusal } from '../../../core/errors.ts'
import type { ObjectPath } from '../../../core/paths.ts'
import type { CapturedRequest } from '../../../http/capture-request.ts'
import { HttpFault } from '../../../http/faults.ts'
import { formatHttpDate } from '../../../http/http-date.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { StoreError } from '../../../platform/store-errors.ts'
import { PAGE_POLICY, wantsPage } from '../answers/page.ts'
import { formatXmlDocument } from '../answers/xml.ts'
import type { S3Answer } from '../face.ts'
import { describeDomainError } from './describe-domain-error.ts'
import { describeSigningError } from './describe-signing-error.ts'
import type { SignatureForm } from './describe-signing-error.ts'
import { formatErrorPage } from './error-page.ts'
import type { PageFacts } from './error-page.ts'
import { NO_FACTS } from './find-page-facts.ts'
import { findRemedy } from './remedies.ts'
import { INTERNAL_ERROR, describeHttpFault, describeStoreFault } from './s3-error.ts'
import type { S3Error } from './s3-error.ts'
import { S3Refusal } from './s3-refusal.ts'
import { adviseOnSignature } from './signature-advice.ts'

/** What is known of the request that is refused. */
export interface Refused {
  readonly raw: CapturedRequest
  readonly requestId: string
  readonly nowMs: number
  readonly path: ObjectPath | null
  readonly facts?: PageFacts
}

/**
 * In S3's words, and what to do; `advice` is more to the point than what is said of every such refusal. What nobody foresaw is an
 * internal error and says nothing about itself.
 */
export function describeError(
  error: unknown,
  form: SignatureForm,
  advice: string | null = null,
): S3Error {
  const described = describeInWords(error, form)
  const remedy = advice ?? findRemedy(error, codeOf(error), form)
  if (remedy === null) return described
  return { ...described, elements: [...(described.elements ?? []), ['Remedy', remedy]] }
}

function describeInWords(error: unknown, form: SignatureForm): S3Error {
  if (isDomainError(error)) return describeDomainError(error)
  if (error instanceof S3Refusal) return error.answer
  if (isSigningError(error)) return describeSigningError(error, form)
  if (error instanceof HttpFault) return describeHttpFault(error.code)
  if (error instanceof StoreError) return describeStoreFault(error.fault)
  return INTERNAL_ERROR
}

/** The code of docs/errors.md: one for all faces, and for the log. */
export function codeOf(error: unknown): string {
  const hasCode =
    isDomainError(error) ||
    isSigningError(error) ||
    error instanceof S3Refusal ||
    error instanceof HttpFault ||
    error instanceof StoreError
  return hasCode ? error.code : 'internal-error'
}

/** Half a signature in the query counts as one: whatever is wrong with it is told in that form's words. */
export function signatureForm(raw: CapturedRequest): SignatureForm {
  if (/[?&]X-Amz-/i.test(raw.target)) return 'query'
  if (hasAuthorization(raw)) return 'header'
  const type = findHeader(raw.headers, 'content-type') ?? ''
  return raw.method === 'POST' && /^multipart\/form-data/i.test(type) ? 'form' : 'query'
}

function hasAuthorization(raw: CapturedRequest): boolean {
  return findHeader(raw.headers, 'authorization') !== null
}

/** True for what is a fault of ours and nobody could tell the client about: it belongs in the log. */
export function isUnforeseen(error: unknown): boolean {
  if (isDomainError(error) || error instanceof S3Refusal) return false
  if (isSigningError(error)) return describeError(error, 'query').status >= 500
  return !(error instanceof HttpFault)
}

/** True if a person is looking: the answer is a page. */
export function isVisit(raw: CapturedRequest): boolean {
  return wantsPage(raw.method, findHeader(raw.headers, 'accept'), hasAuthorization(raw))
}

/** The answer to `error`; signatures and secrets are in none of its parts. */
export function renderError(error: unknown, refused: Refused): S3Answer {
  const { raw, requestId, nowMs, path, facts = NO_FACTS } = refused
  const advice = adviseOnSignature(error, raw, facts.signedMethod)
  const described = describeError(error, signatureForm(raw), advice)
  if (described.status === 304) return renderNotModified(error)
  // Whoever draws a preview shows what it gets: one sentence, and nothing of the file.
  if (isRefusal(error, 'link-preview-refused')) return renderText(described)
  if (!isVisit(raw)) return renderS3Error(described, raw, requestId)
  const { clientIp } = raw
  const { method } = raw
  const visit = { error, described, path, clientIp, method, requestId, nowMs, facts }
  const headers = startHeaders(described, 'text/html; charset=utf-8')
  headers.push(
    'Content-Security-Policy',
    PAGE_POLICY,
    'X-Robots-Tag',
    'noindex, nofollow, noarchive',
  )
  return finish(described, headers, formatErrorPage(visit))
}

/** The refusal as XML, whoever asks. */
export function renderS3Error(
  described: S3Error,
  raw: CapturedRequest,
  requestId: string,
): S3Answer {
  const headers = startHeaders(described, 'application/xml')
  return finish(described, headers, formatErrorXml(described, raw, requestId))
}

function renderText(described: S3Error): S3Answer {
  const headers = startHeaders(described, 'text/plain; charset=utf-8')
  return finish(described, headers, `${described.message}\n`)
}

function startHeaders({ headers = [] }: S3Error, contentType: string): string[] {
  return [
    'X-Content-Type-Options',
    'nosniff',
    'Cache-Control',
    'private, no-store',
    'Referrer-Policy',
    'no-referrer',
    ...headers,
    'Content-Type',
    contentType,
  ]
}

function finish({ status, code }: S3Error, headers: string[], text: string): S3Answer {
  // What is repeated of the request may be a link that came in pieces.
  const body = Buffer.from(redact(text))
  headers.push('Content-Length', String(body.byteLength))
  return { status, headers, body, errorCode: code }
}

function formatErrorXml(error: S3Error, raw: CapturedRequest, requestId: string): string {
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
  if (isRefusal(error, 'not-modified')) {
    const { etag, modifiedAt } = error.details
    headers.push('ETag', `"${etag}"`, 'Last-Modified', formatHttpDate(modifiedAt))
  }
  return { status: 304, headers, body: null }
}
