/** What this face is given once, and what comes with each request. */
import type { AuthenticateUploadLink } from '../../auth/authenticate-upload-link.ts'
import type { CoreContext } from '../../core/context.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import type { PageCall } from '../page-face.ts'

export interface UppyContext {
  readonly core: CoreContext
  readonly authenticateLink: AuthenticateUploadLink
}

export interface UppyCall {
  readonly page: PageCall
  /** What opens the door; never logged. */
  readonly link: string
  /** `''` where none is named. */
  readonly uploadId: string
  readonly part: string
  readonly query: URLSearchParams
}

export type UppyOperation = (context: UppyContext, call: UppyCall) => Promise<PageAnswer>

export function jsonAnswer(body: unknown): PageAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}
