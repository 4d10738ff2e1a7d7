/** What a visit leaves: one line of the log, one sample, and the event of one that was refused or only looked ahead. The address is in none. */
import { shareIdOf } from '../../core/link-id.ts'
import { formatPath } from '../../core/paths.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import { noteRequest } from '../note-request.ts'
import type { ShareContext, ShareVisit } from './exchange.ts'

export function noteVisit({ core, metrics }: ShareContext, visit: ShareVisit): void {
  const { request, clientIp: address, token, grant, refusedFor } = visit
  noteRequest({ core, metrics, plane: 'share' }, visit, {
    operation: grant === null ? 'none' : `share-${grant.share.kind}`,
    about: grant === null ? {} : { share: grant.id },
  })
  const agent = findUserAgent(request.rawHeaders)
  // Of one that there is not too: who guesses at addresses asks for many different ones.
  const at = { linkId: grant?.id ?? shareIdOf(token), keyId: null, address, agent, referrer: null }
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
