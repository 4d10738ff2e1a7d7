/** What a change of a policy would have done to the requests of the last week: which of those that were answered it would have refused. */
import type { PlacedEvent } from '../../catalog/event-steps.ts'
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import type { GrantRecord } from '../../catalog/records.ts'
import { DAY_MS } from '../../platform/durations.ts'
import type { CoreContext } from '../context.ts'
import type { DomainError } from '../errors.ts'
import { listEvents } from '../events/read-events.ts'
import { pathOf } from '../folders/folders.ts'
import { isAutomaticLink } from '../link-id.ts'
import { findBrokenTerm, termsOfGrant } from '../policy/folder-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { createComparison } from './preview-policy.ts'

export interface RequestsPreview {
  /** Milliseconds. */
  readonly since: number
  /** By link, the most requests first. */
  readonly refused: readonly RefusedRequests[]
  /** Requests of links with a record. */
  readonly examined: number
  /** Requests with URLs that have none: those that come with files, and those that clients presign. */
  readonly unjudged: number
  /** False: there were more than are looked at, and those are the newest. */
  readonly isComplete: boolean
}

export interface RefusedRequests {
  readonly grant: GrantRecord
  readonly requests: number
  readonly lastAt: number
  readonly rule: string
  readonly refusal: DomainError
}

const WEEK_MS: number = 7 * DAY_MS
const PAGE = 1000
/** Each looks at a bounded number of events. */
const MAX_PAGES = 10
/** Links that are looked up, at most. */
const MAX_LINKS = 2000

/** Of what is still kept. The policy is one that could be set: `previewPolicy` has looked at it. */
export async function previewRequests(
  core: CoreContext,
  permit: Permit<'admin'>,
  policy: FolderPolicy,
): Promise<RequestsPreview> {
  const since = core.clock.now() - WEEK_MS
  const { uses, unjudged, isComplete } = await readUses(core, permit, since)
  const resolve = createComparison(core, { path: pathOf(permit.path), policy })
  const refused: RefusedRequests[] = []
  let examined = 0
  let unknown = unjudged
  for (const [linkId, use] of uses) {
    const grant = await core.catalog.grants.find(linkId)
    if (grant === null) {
      unknown += use.requests
      continue
    }
    examined += use.requests
    const { before, after } = await resolve(grant)
    const terms = termsOfGrant(grant)
    const broken = findBrokenTerm(after, terms)
    if (broken === null || findBrokenTerm(before, terms) !== null) continue
    refused.push({ grant, ...use, ...broken })
  }
  refused.sort((a, b) => b.requests - a.requests)
  return { since, refused, examined, unjudged: unknown, isComplete }
}

interface Use {
  requests: number
  lastAt: number
}

interface ReadUses {
  readonly uses: ReadonlyMap<string, Use>
  readonly unjudged: number
  readonly isComplete: boolean
}

async function readUses(
  core: CoreContext,
  permit: Permit<'admin'>,
  sinceMs: number,
): Promise<ReadUses> {
  const uses = new Map<string, Use>()
  let unjudged = 0
  let before: number | null = null
  const wish = { linkId: null, keyId: null, code: null, kind: 'link.used', sinceMs } as const
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await listEvents(core, permit, { ...wish, before, limit: PAGE })
    unjudged += countIn(uses, found.events)
    before = found.nextBefore
    if (before === null) return { uses, unjudged, isComplete: true }
    if (uses.size >= MAX_LINKS) break
  }
  return { uses, unjudged, isComplete: false }
}

/** Adds what was used, newest first; how many requests were of links that nobody can judge by. */
function countIn(uses: Map<string, Use>, found: readonly PlacedEvent[]): number {
  let unjudged = 0
  for (const { event } of found) {
    const { linkId, count, at } = event
    if (linkId === null || isAutomaticLink(linkId)) {
      unjudged += count
      continue
    }
    const use = uses.get(linkId) ?? { requests: 0, lastAt: at }
    use.requests += count
    uses.set(linkId, use)
  }
  return unjudged
}
