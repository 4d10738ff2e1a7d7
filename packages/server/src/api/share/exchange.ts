/** One request for a share, as app.ts hands it over, and what was found out since. */
import type { ShareGrant } from '../../auth/authenticate-share.ts'
import type { CoreContext } from '../../core/context.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { PageExchange } from '../answer-exchange.ts'

export interface ShareContext {
  readonly core: CoreContext
  readonly metrics: Pick<Metrics, 'observeRequest' | 'beginUpload'>
}

export interface ShareVisit extends PageExchange {
  /** What stands behind `/s/`, up to the query. Never logged: it opens the share. */
  readonly token: string
  readonly query: URLSearchParams
  readonly startedAt: number
  grant: ShareGrant | null
  /** The code of docs/errors.md, once it was refused. */
  refusedFor: string | null
  /** What came by it, or went out on the page itself; `''` is what is shared. */
  moved: readonly { readonly name: string; readonly size: number }[]
  /** A program that looks ahead, by what it calls itself, or HEAD; `null` for people. */
  lookedAheadBy: string | null
}
