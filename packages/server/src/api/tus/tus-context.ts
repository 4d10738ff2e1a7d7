/** What this face is given once, and what comes with each request. */
import type { AuthenticateUploadLink } from '../../auth/authenticate-upload-link.ts'
import type { CoreContext } from '../../core/context.ts'
import type { Senders } from './senders.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import type { PageCall } from '../page-face.ts'
import type { TusTarget } from './target.ts'

export interface TusContext {
  readonly core: CoreContext
  readonly metrics: Pick<Metrics, 'observeRequest' | 'beginUpload'>
  readonly authenticateLink: AuthenticateUploadLink
  readonly senders: Senders
}

export interface TusCall {
  readonly page: PageCall
  readonly target: TusTarget
  /** Kept of the page of a drop. */
  readonly session: string | null
}

export type TusOperation = (context: TusContext, call: TusCall) => Promise<PageAnswer>
