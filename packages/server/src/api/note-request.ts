/** One line of the log and one sample a request of a page. The address is in neither. */
import type { CoreContext } from '../core/context.ts'
import { findUserAgent } from '../core/user-agent.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { PageExchange } from './answer-exchange.ts'

export interface NoteOptions {
  readonly core: Pick<CoreContext, 'clock' | 'log'>
  readonly metrics: Pick<Metrics, 'observeRequest'>
  readonly plane: 'share' | 'tus' | 'uppy'
}

export interface NotedCall extends PageExchange {
  readonly startedAt: number
  /** The code of docs/errors.md, once it was refused. */
  readonly refusedFor: string | null
}

export interface Noted {
  /** What was asked for, by its own name. */
  readonly operation: string
  /** Which link, which key: what the line names besides. */
  readonly about: Readonly<Record<string, string>>
}

export function noteRequest(
  { core, metrics, plane }: NoteOptions,
  call: NotedCall,
  { operation, about }: Noted,
): void {
  const { request, response, requestId, clientIp, startedAt, refusedFor } = call
  const ms = core.clock.now() - startedAt
  const status = response.statusCode
  metrics.observeRequest({ plane, operation, status, seconds: ms / 1000 })
  const agent = refusedFor === null ? null : findUserAgent(request.rawHeaders)
  core.log.info(
    {
      requestId,
      method: request.method,
      operation,
      status,
      ms,
      ip: clientIp,
      ...about,
      ...(refusedFor !== null && { code: refusedFor, agent: agent ?? undefined }),
      ...(!response.writableFinished && { aborted: true }),
    },
    plane,
  )
}
