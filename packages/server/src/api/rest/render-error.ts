/**
 * Every refusal as a problem document [RFC9457 3]. The last segment of `type` is the stable code, and what it points to
 * is a page of this server. Details never hold a secret or a signature, because the errors themselves never do.
 */
import { isDomainError } from '../../core/errors.ts'
import type { AnyDomainError, DomainErrorCode } from '../../core/errors.ts'
import { HttpFault } from '../../http/faults.ts'
import type { HttpFaultCode } from '../../http/faults.ts'
import { StoreError } from '../../platform/store-errors.ts'
import type { StoreErrorCode } from '../../platform/store-errors.ts'
import { RestError } from './errors.ts'
import type { RestErrorCode } from './errors.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export type ProblemCode = DomainErrorCode | RestErrorCode | HttpFaultCode | StoreErrorCode

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  /** The field, parameter or header to blame, where there is one. */
  readonly field?: string
}

/** Status and title of each code. */
export const PROBLEMS: Readonly<Record<ProblemCode, readonly [number, string]>> = {
  'bucket-name-invalid': [400, 'The bucket name is not valid'],
  'bucket-not-found': [404, 'There is no such bucket'],
  'bucket-not-empty': [409, 'The bucket is not empty'],
  'key-too-long': [400, 'The path is too long'],
  'path-invalid': [400, 'The path is not valid'],
  'file-not-found': [404, 'There is no such file'],
  'version-not-found': [404, 'There is no such version'],
  'version-deleted': [404, 'The version is a delete marker'],
  'copy-source-deleted': [400, 'What is to be copied is a delete marker'],
  'file-exists': [409, 'There is a file at the target'],
  'folder-not-found': [404, 'The folder has no settings'],
  'link-not-found': [404, 'There is no such link'],
  'key-not-found': [404, 'There is no such key'],
  'revocation-not-found': [404, 'There is no such revocation'],
  'precondition-failed': [412, 'A condition of the request does not hold'],
  'not-modified': [304, 'The file has not changed'],
  'range-not-satisfiable': [416, 'The range lies outside the file'],
  'field-invalid': [400, 'A field of the request is not valid'],
  'file-too-large': [413, 'The file is too large'],
  'file-too-small': [400, 'The file is too small'],
  'content-type-not-allowed': [415, 'This type of file is not allowed here'],
  'digest-mismatch': [400, 'The body is not the one that was announced'],
  'body-incomplete': [400, 'The body is not as long as announced'],
  'upload-too-long': [408, 'The upload took too long'],
  'upload-not-found': [404, 'There is no such upload'],
  'upload-limit': [409, 'Too much is open'],
  'upload-claim-wrong': [400, 'The upload is not what was said of it'],
  'part-invalid': [400, 'A part is not there'],
  'part-order-invalid': [400, 'The parts are not in order'],
  'part-too-small': [400, 'A part is too small'],
  'part-not-satisfiable': [416, 'The file has no such part'],
  'expiry-too-long': [400, 'The link would live too long'],
  'token-expired': [401, 'The temporary credentials have run out'],
  'policy-refused': [403, 'The policy does not allow it'],
  unauthenticated: [401, 'An API key is needed'],
  'api-key-invalid': [401, 'The API key is not valid'],
  forbidden: [403, 'The key does not have this right'],
  'link-revoked': [403, 'The link was revoked'],
  'link-used': [410, 'The link has no uses left'],
  'link-ip-not-allowed': [403, 'The link does not work from this network'],
  'link-preview-refused': [403, 'The link shows no preview'],
  'revocation-ahead': [409, 'A revocation lies ahead of the clock'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'store-unavailable': [503, 'The storage cannot answer right now'],
  'storage-full': [507, 'The storage is full'],
  'store-corrupt': [500, 'The storage is damaged'],
  'body-malformed': [400, 'The body cannot be read'],
  'body-too-large': [413, 'The body is too large'],
  'media-type-unsupported': [415, 'The body has the wrong type'],
  'route-not-found': [404, 'There is nothing at this address'],
  'internal-error': [500, 'Something went wrong on our side'],
  'body-too-slow': [408, 'The body came too slowly'],
  'client-gone': [400, 'The request ended early'],
  'host-not-served': [421, 'There is no API under this host name'],
}

/** The problem behind whatever was thrown. What is not one of our errors is a bug, and says nothing about itself. */
export function toProblem(error: unknown, publicUrl: string): Problem {
  const { code, detail, field } = explain(error)
  const [status, title] = PROBLEMS[code]
  const type = `${publicUrl}/-/docs/errors/${code}`
  return { type, title, status, detail, code, ...(field === null ? {} : { field }) }
}

/** Headers an answer with this problem must carry besides its type. */
export function problemHeaders(error: unknown, { status }: Problem): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="hallpass"' }
  if (status === 503) return { 'retry-after': '1' }
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
  if (isDomainError(error)) {
    return { code: error.code, detail: error.message, field: fieldOf(error) }
  }
  if (error instanceof RestError) {
    return { code: error.code, detail: error.message, field: error.field }
  }
  if (error instanceof HttpFault) return { code: error.code, detail: error.message, field: null }
  if (error instanceof StoreError) return explainStore(error)
  if (isRouterError(error)) return explainRouter(error)
  return { code: 'internal-error', detail: 'The server could not do this.', field: null }
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
