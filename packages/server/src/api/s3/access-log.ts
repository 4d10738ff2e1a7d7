/**
 * One line a request: who did what, how it ended. The query is never part of it, because a query may be a working link;
 * a link is named by the id of its grant or of the key that signed it.
 */
import { isLink } from '../../core/identity.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { S3Answer } from './face.ts'
import type { Exchange } from './exchange.ts'

export type AccessLog = (
  exchange: Exchange,
  answer: S3Answer,
  end: { readonly nowMs: number; readonly sent: boolean },
) => void

export function createAccessLog(log: Log, metrics: Metrics | null): AccessLog {
  return (exchange, answer, end) => {
    metrics?.observeRequest({
      plane: 's3',
      operation: exchange.operation ?? 'none',
      status: answer.status,
      seconds: (end.nowMs - exchange.startedAt) / 1000,
      sentBytes: exchange.raw.method === 'HEAD' ? 0 : bodyLength(answer),
    })
    if (!log.isLevelEnabled('info')) return
    const { raw, requestId, path, startedAt } = exchange
    log.info(
      {
        requestId,
        method: raw.method,
        operation: exchange.operation ?? undefined,
        bucket: path?.bucket,
        key: path?.key,
        status: answer.status,
        bytes: raw.method === 'HEAD' ? 0 : bodyLength(answer),
        ms: end.nowMs - startedAt,
        ip: raw.clientIp,
        ...describeCaller(exchange),
        ...(end.sent ? {} : { aborted: true }),
      },
      's3',
    )
  }
}

function bodyLength({ body }: S3Answer): number {
  if (body === null) return 0
  return 'source' in body ? body.length : body.byteLength
}

function describeCaller({ request }: Exchange): Readonly<Record<string, string>> {
  if (request === null) return {}
  const { caller } = request
  if (!isLink(caller)) return { keyId: caller.id }
  return caller.grantId === null
    ? { linkKeyId: caller.keyId }
    : { linkKeyId: caller.keyId, grantId: caller.grantId }
}
