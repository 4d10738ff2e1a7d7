/**
 * Every refusal as a problem document [RFC9457 3]. The last segment of `type` is the stable code, and what it points to
 * is a page of this server. Details never hold a secret or a signature, because the errors themselves never do.
 */
import { TITLES, isDomainError } from '../../core/errors.ts'
import type { AnyDomainError, DomainErrorCode } from '../../core/errors.ts'
import { REMEDIES } from '../../core/remedies.ts'
import { HttpFault } from '../../http/faults.ts'
import type { HttpFaultCode } from '../../http/faults.ts'
import { StoreError } from '../../platform/store-errors.ts'
import type { StoreErrorCode } from '../../platform/store-errors.ts'
import { KIND_STATUSES } from '../problem-document.ts'
import { REST_PROBLEMS, REST_REMEDIES, RestError } from './errors.ts'
import type { RestErrorCode } from './errors.ts'

export type ProblemCode = DomainErrorCode | RestErrorCode | HttpFaultCode | StoreErrorCode

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  /** What to do about it; not there where nothing has to be done, or can be. */
  readonly remedy?: string
  /** The field, parameter or header to blame, where there is one. */
  readonly field?: string
}

/** Status and title of each code. */
export const PROBLEMS: Readonly<Record<ProblemCode, readonly [number, string]>> = {
  ...ofDomain(),
  ...REST_PROBLEMS,
  'store-unavailable': [503, 'The storage cannot answer right now'],
  'storage-full': [507, 'The storage is full'],
  'store-corrupt': [500, 'The storage is damaged'],
  'body-too-slow': [408, 'The body came too slowly'],
  'client-gone': [400, 'The request ended early'],
  'host-not-served': [421, 'There is no API under this host name'],
}

/** What to do about each code; `null` where nothing has to be done, or can be. */
export const PROBLEM_REMEDIES: Readonly<Record<ProblemCode, string | null>> = {
  ...REMEDIES,
  ...REST_REMEDIES,
  'store-unavailable': 'Send the same request again, each time after a longer pause.',
  'storage-full': 'Delete files, or give the data directory more room.',
  'store-corrupt': 'Restore what the log of the server names from a backup.',
  'body-too-slow': 'Send the body without long pauses.',
  'client-gone': null,
  'host-not-served':
    'Send it to the host of HALLPASS_PUBLIC_URL, and have a proxy in front pass Host on unchanged.',
  // What S3 clients are told besides means nothing here.
  unauthenticated: 'Send an API key: Authorization: Bearer KEY.',
}

function ofDomain(): Record<DomainErrorCode, readonly [number, string]> {
  const entries = Object.entries(TITLES).map(([code, [kind, title]]) => [
    code,
    [KIND_STATUSES[kind], title],
  ])
  return Object.fromEntries(entries) as Record<DomainErrorCode, readonly [number, string]>
}

/** The problem behind whatever was thrown. What is not one of our errors is a bug, and says nothing about itself. */
export function toProblem(error: unknown, publicUrl: string): Problem {
  const { code, detail, field } = explain(error)
  const [status, title] = PROBLEMS[code]
  const type = `${publicUrl}/-/docs/errors/${code}`
  const remedy = PROBLEM_REMEDIES[code]
  return {
    type,
    title,
    status,
    detail,
    code,
    ...(remedy === null ? {} : { remedy }),
    ...(field === null ? {} : { field }),
  }
}

/** Headers an answer with this problem must carry besides its type. */
export function problemHeaders(error: unknown, { status }: Problem): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="hallpass"' }
  if (status === 503) return { 'retry-after': '1' }
  if (isDomainError(error) && error.code === 'too-many-requests') {
    return { 'retry-after': String(error.details.retryAfterSeconds) }
  }
  if (isDomainError(error) && error.code === 'method-not-allowed') {
    return { allow: error.details.allowed.join(', ') }
  }
  return {}
}

interface Explained {
  readonly code: ProblemCode
  readonly detail: string
  readonly field: string | null
}

function explain(error: unknown): Explained {
  if (isDomainError(error)) return explainDomain(error)
  if (error instanceof RestError) {
    return { code: error.code, detail: error.message, field: error.field }
  }
  if (error instanceof HttpFault) return { code: error.code, detail: error.message, field: null }
  if (error instanceof StoreError) return explainStore(error)
  if (isRouterError(error)) return explainRouter(error)
  return { code: 'internal-error', detail: 'The server could not do this.', field: null }
}

/** Of one of many the detail and the field say which. */
function explainDomain(error: AnyDomainError): Explained {
  const { code, message, within } = error
  const field = fieldOf(error)
  if (within === null) return { code, detail: message, field }
  if (field === null) return { code, detail: `${within}: ${message}`, field: within }
  const isNamed = message.startsWith(`${field}:`)
  return { code, detail: `${within}${isNamed ? '.' : ': '}${message}`, field: `${within}.${field}` }
}

/** What the router refuses by itself, before any hook of ours: a broken `Content-Type`, mostly. */
function isRouterError(error: unknown): error is Error & { readonly statusCode: number } {
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) return false
  const { code, statusCode } = error
  return String(code).startsWith('FST_') && Number(statusCode) >= 400 && Number(statusCode) < 500
}

function explainRouter({ statusCode }: { readonly statusCode: number }): Explained {
  if (statusCode === 415) {
    const detail = 'Content-Type is not a media type.'
    return { code: 'media-type-unsupported', detail, field: 'Content-Type' }
  }
  if (statusCode === 413)
    return { code: 'body-too-large', detail: 'The body is too large.', field: null }
  return { code: 'body-malformed', detail: 'The body cannot be read.', field: null }
}

const STORE_DETAILS: Readonly<Record<StoreErrorCode, string>> = {
  'store-unavailable': 'Nothing was changed; try again.',
  'storage-full': 'There is no room left; nothing was stored.',
  'store-corrupt': 'Stored bytes are missing or damaged.',
}

function explainStore({ code }: StoreError): Explained {
  return { code, detail: STORE_DETAILS[code], field: null }
}

function fieldOf(error: AnyDomainError): string | null {
  switch (error.code) {
    case 'field-invalid':
    case 'link-widened':
      return error.details.field
    case 'expiry-too-long':
      return error.details.field
    case 'policy-refused':
      return error.details.line
    case 'digest-mismatch':
      return error.details.check
    default:
      return null
  }
}
