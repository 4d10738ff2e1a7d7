/**
 * One line a request: who did what, how it ended. The query is never part of it, because a query may be a working link; a link is
 * named by its id, or by the key that signed it. Of a link that was refused before it could be believed, both are what it claims.
 */
import { isLink } from '../../core/identity.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { lengthOf } from './answers/follow-answer.ts'
import type { S3Answer } from './face.ts'
import type { Exchange } from './exchange.ts'
import { findLinkOutcome } from './link-outcome.ts'

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
      sentBytes: exchange.raw.method === 'HEAD' ? 0 : lengthOf(answer),
    })
    const outcome = findLinkOutcome(exchange)
    if (outcome !== null) metrics?.countLink(outcome)
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
        bytes: raw.method === 'HEAD' ? 0 : lengthOf(answer),
        ms: end.nowMs - startedAt,
        ip: raw.clientIp,
        ...describeCaller(exchange),
        ...describeRefusal(exchange),
        ...(end.sent ? {} : { aborted: true }),
      },
      's3',
    )
  }
}

function describeCaller({ request, raw }: Exchange): Readonly<Record<string, string>> {
  if (request === null) return describeClaim(raw)
  const { caller } = request
  if (!isLink(caller)) return { keyId: caller.id }
  return caller.linkId === null
    ? { linkKeyId: caller.keyId }
    : { linkKeyId: caller.keyId, linkId: caller.linkId }
}

/** Nothing longer than an id, so that no secret that was put in its place is kept: they are a stranger's words. */
const CLAIMED_KEY = /[?&]X-Amz-Credential=([A-Za-z0-9._-]{1,32})(?:%2F|\/)/i
const CLAIMED_LINK = /[?&]X-Hallpass-Link=((?:link|auto|share)_[0-9A-Za-z._-]{1,120})(?:&|$)/i

/** Of a link that was refused before it could be believed. */
export function describeClaim({ target }: CapturedRequest): Readonly<Record<string, string>> {
  const keyId = CLAIMED_KEY.exec(target)?.[1]
  const linkId = CLAIMED_LINK.exec(target)?.[1]
  return {
    ...(keyId === undefined ? {} : { claimedKeyId: keyId }),
    ...(linkId === undefined ? {} : { claimedLinkId: linkId }),
  }
}

function describeRefusal(exchange: Exchange): Readonly<Record<string, unknown>> {
  const { refusedFor, missingFeature, raw } = exchange
  if (refusedFor === null) return {}
  return {
    code: refusedFor,
    agent: findUserAgent(raw.headers) ?? undefined,
    ...(missingFeature === null ? {} : { feature: missingFeature }),
    ...(refusedFor === 'link-preview-refused' ? { preview: true } : {}),
  }
}
