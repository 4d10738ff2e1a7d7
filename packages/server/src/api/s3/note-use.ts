/** Notes what a request made use of, or was refused: once a request, in memory alone. */
import type { CoreContext } from '../../core/context.ts'
import type { NotedUse } from '../../core/events/event-log.ts'
import { callerId, isLink } from '../../core/identity.ts'
import { formatPath } from '../../core/paths.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import { findHeader } from '../../http/raw-headers.ts'
import { describeClaim } from './access-log.ts'
import { lengthOf } from './answers/follow-answer.ts'
import type { Exchange } from './exchange.ts'
import type { S3Answer } from './face.ts'

/** What brings a file, or a part of one. */
const UPLOADS: ReadonlySet<string> = new Set([
  'PutObject',
  'PostObject',
  'CopyObject',
  'UploadPart',
  'CompleteMultipartUpload',
])

/** `sent`: the answer went out whole. */
export function noteUse(
  { events }: Pick<CoreContext, 'events'>,
  exchange: Exchange,
  { answer, sent }: { readonly answer: S3Answer; readonly sent: boolean },
): void {
  const { request, raw } = exchange
  const kind = kindOf(exchange)
  const agent = findUserAgent(raw.headers)
  if (request !== null && !isLink(request.caller) && request.caller.kind === 'access-key') {
    events.noteKey(request.caller.id, { address: raw.clientIp, agent })
  }
  if (kind === null) return
  const isServed = exchange.refusedFor === null
  const { keyId, linkId } = ownersOf(exchange)
  events.note({
    kind,
    code: isServed && !sent ? 'client-gone' : exchange.refusedFor,
    keyId,
    linkId,
    path: placeOf(exchange),
    target: null,
    address: raw.clientIp,
    agent,
    referrer: hostOf(findHeader(raw.headers, 'referer')),
    bytes: isServed && sent ? lengthOf(answer) : 0,
  })
}

function kindOf({ request, raw, refusedFor, operation }: Exchange): NotedUse['kind'] | null {
  if (refusedFor === 'not-modified') return null
  if (refusedFor === 'link-preview-refused') return 'link.previewed'
  if (refusedFor !== null) {
    const isUpload = request !== null && operation !== null && UPLOADS.has(operation)
    return isUpload ? 'upload.rejected' : 'request.refused'
  }
  // Whoever looks at a file's headers has not had it yet.
  if (request === null || raw.method === 'HEAD' || raw.method === 'OPTIONS') return null
  if (isLink(request.caller)) return 'link.used'
  const isRead = operation === 'GetObject' && request.caller.kind === 'access-key'
  return isRead ? 'file.read' : null
}

/**
 * Of a request that was refused before it could be believed, what it claims. That somebody goes on with a link which has ended is said of
 * nobody's link but one that signed for it.
 */
function ownersOf(exchange: Exchange): Pick<NotedUse, 'keyId' | 'linkId'> {
  const { request, raw, refusedFor, wasSigned } = exchange
  if (request === null) {
    const { claimedKeyId = null, claimedLinkId = null } = describeClaim(raw)
    const isInvented = refusedFor === 'signature-expired' && !wasSigned
    return { keyId: claimedKeyId, linkId: isInvented ? null : claimedLinkId }
  }
  const { caller } = request
  return { keyId: callerId(caller), linkId: isLink(caller) ? caller.linkId : null }
}

function placeOf({ path }: Exchange): string {
  return path === null || path.bucket === '' ? '' : formatPath(path)
}

const HOST = /^https?:\/\/(?:[^/?#@]*@)?([\w.:[\]-]{1,255})(?:[/?#]|$)/i

/** Nothing but the host: what stands behind it may be somebody's link. */
function hostOf(referrer: string | null): string | null {
  if (referrer === null) return null
  return HOST.exec(referrer)?.[1]?.toLowerCase() ?? null
}
