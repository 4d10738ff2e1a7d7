/** One line of the log and one sample a visit, and the event of one that was refused or only looked ahead. The address is in none. */
import { formatPath } from '../../core/paths.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import type { ShareContext, ShareVisit } from './exchange.ts'

export function noteVisit({ core, metrics }: ShareContext, visit: ShareVisit): void {
  const { request, response, requestId, clientIp, grant, startedAt, refusedFor } = visit
  const ms = core.clock.now() - startedAt
  const status = response.statusCode
  const operation = grant === null ? 'none' : `share-${grant.share.kind}`
  metrics.observeRequest({ plane: 'share', operation, status, seconds: ms / 1000 })
  const agent = findUserAgent(request.rawHeaders)
  core.log.info(
    {
      requestId,
      method: request.method,
      operation,
      status,
      ms,
      ip: clientIp,
      ...(grant !== null && { share: grant.id }),
      ...(refusedFor !== null && { code: refusedFor, agent: agent ?? undefined }),
      ...(!response.writableFinished && { aborted: true }),
    },
    'share',
  )
  const at = { linkId: grant?.id ?? null, keyId: null, address: clientIp, agent, referrer: null }
  for (const { name, size } of visit.moved) {
    const path = grant === null ? '' : formatPath(grant) + name
    core.events.note({ ...at, kind: 'link.used', code: null, path, target: null, bytes: size })
  }
  const kind = kindOf(visit)
  if (kind === null) return
  const path = grant === null ? '' : formatPath(grant)
  core.events.note({ ...at, kind, code: refusedFor, path, target: 'share', bytes: 0 })
}

/** That a page asks for its password is no refusal. */
function kindOf({ refusedFor, lookedAheadBy, grant, request }: ShareVisit) {
  if (refusedFor === 'share-password-needed') return null
  if (refusedFor !== null) {
    const isFile = grant?.share.kind === 'drop' && /^multipart/i.test(typeOf(request))
    return isFile ? ('upload.rejected' as const) : ('request.refused' as const)
  }
  return lookedAheadBy !== null && grant !== null ? ('link.previewed' as const) : null
}

function typeOf({ headers }: ShareVisit['request']): string {
  return headers['content-type'] ?? ''
}
