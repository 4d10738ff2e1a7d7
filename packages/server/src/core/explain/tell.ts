/** When something happened, and by whose key, in a sentence. */
import type { EventKind, EventRecord } from '../../catalog/event-steps.ts'
import type { CoreContext } from '../context.ts'
import type { DomainErrorCode } from '../errors.ts'
import type { LinkView } from '../links/links.ts'
import { formatPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'

/** What became of a link, where that is why it is refused; `null` where the refusal says it all. */
export async function tellLink(
  core: CoreContext,
  link: LinkView,
  code: DomainErrorCode,
): Promise<string | null> {
  const { grant } = link
  switch (code) {
    case 'link-revoked':
      return tellRevocation(core, link)
    case 'link-paused': {
      const paused = await findEvent(core, { linkId: grant.id, kind: 'link.paused' })
      return `It stands still since ${iso(grant.pausedAt)}${byKey(paused)}.`
    }
    case 'link-used':
      return `It was used ${grant.uses} of ${grant.maxUses ?? grant.uses} times, last at ${iso(grant.lastUsedAt)}.`
    case 'link-ip-not-allowed': {
      const { networks = [] } = grant.terms
      return networks.length === 0 ? null : `It works from ${networks.join(', ')}.`
    }
    default:
      return null
  }
}

const BY_RULE = {
  file: 'for its file',
  folder: 'for a folder that its file lies in',
  key: 'for the key that made or signed it',
  all: 'for every link',
} as const

async function tellRevocation(core: CoreContext, link: LinkView): Promise<string | null> {
  const { grant, state } = link
  const { revokedBy } = state
  const path = formatPath(grant)
  switch (revokedBy) {
    case null:
      return null
    case 'link': {
      const event = await findEvent(core, { linkId: grant.id, kind: 'link.revoked' })
      return `It was revoked at ${iso(state.revokedAt)}${byKey(event)}.`
    }
    case 'delete':
    case 'move': {
      const isMove = revokedBy === 'move'
      const event = await findEvent(core, { path, kind: isMove ? 'file.moved' : 'file.deleted' })
      return `It ended when its file was ${isMove ? 'moved' : 'deleted'}, at ${iso(state.revokedAt)}${byKey(event)}.`
    }
    default:
      return tellSweep(core, link, revokedBy)
  }
}

async function tellSweep(
  core: CoreContext,
  { grant, state }: LinkView,
  reach: keyof typeof BY_RULE,
): Promise<string> {
  if (reach === 'key' && state.revokedAt === null) return 'The key that signed it works no more.'
  const { bucket, key, signingKeyId, createdBy } = grant
  const keys = await core.keyRing.current()
  const rule = keys.findRevocation({ keyIds: [signingKeyId, createdBy], bucket, key })
  const event =
    rule === null ? null : await findEvent(core, { ...placeOf(rule.scope), kind: 'links.swept' })
  return `A revocation ${BY_RULE[reach]} ended all that was issued before ${iso(state.revokedAt)}${byKey(event)}.`
}

/** Under which path or key the revocation of a scope was noted. */
function placeOf(scope: string): Pick<Wanted, 'path' | 'keyId'> {
  const colon = scope.indexOf(':')
  const rest = scope.slice(colon + 1)
  return scope.startsWith('key:') ? { keyId: rest } : { path: rest }
}

/** Who took the file away, where nothing lies at the path. */
export async function tellAbsence(
  core: CoreContext,
  path: ObjectPath | null,
  code: DomainErrorCode,
): Promise<string | null> {
  if (path === null || code !== 'file-not-found') return null
  const at = formatPath(path)
  const deleted = await findEvent(core, { path: at, kind: 'file.deleted' })
  const moved = await findEvent(core, { path: at, kind: 'file.moved' })
  const last = [deleted, moved].flatMap((event) => event ?? []).toSorted((a, b) => b.at - a.at)[0]
  if (last === undefined) return null
  return `A file was ${last.kind === 'file.moved' ? 'moved away from' : 'deleted at'} this path at ${iso(last.at)}${byKey(last)}.`
}

interface Wanted {
  readonly kind: EventKind
  readonly linkId?: string
  readonly keyId?: string
  readonly path?: string
}

/** The newest, if it is among those that one look finds. */
export async function findEvent(
  { catalog }: CoreContext,
  { kind, linkId, keyId, path }: Wanted,
): Promise<EventRecord | null> {
  const { events } = await catalog.events.list({
    kind,
    linkId: linkId ?? null,
    keyId: keyId ?? null,
    path: path ?? null,
    code: null,
    pathPrefix: '',
    sinceMs: null,
    before: null,
    limit: 1,
  })
  return events[0]?.event ?? null
}

/** ` by the key K`; the server itself needs no key. */
export function byKey(event: EventRecord | null): string {
  if (event === null) return ''
  return event.keyId === null ? ' by the server itself' : ` by the key ${event.keyId}`
}

export function iso(ms: number | null): string {
  return ms === null ? 'a moment that nobody noted' : new Date(ms).toISOString()
}
