/** A refusal as a problem document [RFC9457 3], for the faces that need no more of it than this. */
import { TITLES, isDomainError } from '../core/errors.ts'
import { REMEDIES } from '../core/remedies.ts'
import { HttpFault } from '../http/faults.ts'
import { MultipartFault } from '../http/multipart-fault.ts'
import { StoreError } from '../platform/store-errors.ts'
import { KIND_STATUSES } from './problem-document.ts'

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  /** What to do about it; not there where nothing can be done. */
  readonly remedy?: string
}

/** What is not one of our errors is a fault of the server's, and says nothing about itself. */
export function toProblem(error: unknown, publicUrl: string): Problem {
  const { code, status, title, detail, remedy } = explain(error)
  const type = `${publicUrl}/-/docs/errors/${code}`
  return { type, title, status, detail, code, ...(remedy !== null && { remedy }) }
}

/** Headers an answer with this problem carries besides; `challenge` says how to authenticate [RFC9110 11.6.1]. */
export function problemHeaders(
  error: unknown,
  { status }: Pick<Problem, 'status'>,
  challenge: string,
): Record<string, string> {
  if (status === 401) return { 'www-authenticate': challenge }
  if (status === 503) return { 'retry-after': '1' }
  if (!isDomainError(error)) return {}
  if (error.code === 'too-many-requests' || error.code === 'too-many-passwords') {
    return { 'retry-after': String(error.details.retryAfterSeconds) }
  }
  return error.code === 'method-not-allowed' ? { allow: error.details.allowed.join(', ') } : {}
}

interface Explained {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly remedy: string | null
}

const AGAIN = 'Send it again, each time after a longer pause.'

function explain(error: unknown): Explained {
  if (isDomainError(error)) {
    const { code, message: detail } = error
    const [kind, title] = TITLES[code]
    return { code, status: KIND_STATUSES[kind], title, detail, remedy: REMEDIES[code] }
  }
  if (error instanceof MultipartFault) {
    const title = 'The form cannot be read'
    const remedy = 'Send it as multipart/form-data, with the files in it.'
    return { code: 'body-malformed', status: 400, title, detail: error.message, remedy }
  }
  if (error instanceof HttpFault) return explainFault(error)
  if (error instanceof StoreError) return explainStore(error)
  const detail = 'The server could not do this.'
  const title = 'Something went wrong'
  return { code: 'internal-error', status: 500, title, detail, remedy: AGAIN }
}

function explainFault({ code, message: detail }: HttpFault): Explained {
  switch (code) {
    case 'host-not-served': {
      const remedy = 'Come by the host of the address that was given out.'
      return {
        code,
        status: 421,
        title: 'There is nothing of this under this host',
        detail,
        remedy,
      }
    }
    case 'body-too-slow': {
      const remedy = 'Send it without long pauses.'
      return { code, status: 408, title: 'The body came too slowly', detail, remedy }
    }
    case 'client-gone':
      return { code, status: 400, title: 'The request ended early', detail, remedy: null }
  }
}

function explainStore({ code }: StoreError): Explained {
  const detail = 'Nothing was changed.'
  switch (code) {
    case 'storage-full': {
      const remedy = 'Tell whoever runs the server.'
      return { code, status: 507, title: 'The storage is full', detail, remedy }
    }
    case 'store-corrupt':
      return { code, status: 500, title: 'The storage is damaged', detail, remedy: null }
    case 'store-unavailable':
      return { code, status: 503, title: 'The storage cannot answer', detail, remedy: AGAIN }
  }
}
