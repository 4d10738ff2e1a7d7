/** What a sweep met: how many links it ended, and whether there is anything where it swept. */
import type { GrantRecord } from '../../catalog/records.ts'
import { isTemporaryKeyId } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { Keys } from '../known-keys.ts'
import { subjectOf } from '../users/user-id.ts'
import { formatPath } from '../paths.ts'
import { describeLink } from '../policy/link-state.ts'
import type { Sweep } from './revocations.ts'

/** What a sweep reaches is not counted any further. */
export const MAX_SWEPT_COUNTED = 10_000
const PAGE = 1000

/**
 * Throws `key-not-found`, `bucket-not-found`: a rule about nothing would look like one that works. Temporary credentials and end users
 * are kept nowhere, so that nobody can say which there are.
 */
export async function requireTarget(core: CoreContext, sweep: Sweep): Promise<void> {
  if (sweep.kind === 'instance') return
  if (sweep.kind === 'key') {
    const { keyId: id } = sweep
    if (isTemporaryKeyId(id) || subjectOf(id) !== null) return
    if (isKnown(await core.keyRing.recheck(), id)) return
    throw refusal('key-not-found', { id })
  }
  const { bucket } = sweep.permit.path
  if ((await core.catalog.buckets.find(bucket)) === null) {
    throw refusal('bucket-not-found', { bucket })
  }
}

function isKnown({ snapshot }: Keys, id: string): boolean {
  return [...snapshot.apiKeys, ...snapshot.accessKeys].some((key) => key.id === id)
}

/** Whether a file lies at the path, or any below the folder; true for what is no path. */
export async function holdsFiles(core: CoreContext, sweep: Sweep): Promise<boolean> {
  if (sweep.kind === 'instance' || sweep.kind === 'key') return true
  const { path } = sweep.permit
  if (sweep.kind === 'file') return (await core.files.find(path)) !== null
  const query = { bucket: path.bucket, prefix: path.key, delimiter: '', after: '', limit: 1 }
  return (await core.files.list(query)).entries.length > 0
}

export interface Around {
  /** Keys and rules as they were. */
  readonly before: Keys
  /** The same with the rule of the sweep. */
  readonly after: Keys
}

/** How many links with a record the sweep ended, of the newest MAX_SWEPT_COUNTED that it may reach. */
export async function countSwept(
  core: CoreContext,
  sweep: Sweep,
  { before, after }: Around,
): Promise<number> {
  const nowMs = core.clock.now()
  const isAlive = (grant: GrantRecord, keys: Keys): boolean =>
    describeLink(grant, keys, nowMs).status === 'active'
  const asked = { ...questionOf(before, sweep), status: 'active', nowMs, limit: PAGE } as const
  let count = 0
  let last: string | null = null
  for (let looked = 0; looked < MAX_SWEPT_COUNTED; looked += PAGE) {
    const page: readonly GrantRecord[] = await core.catalog.grants.list({ ...asked, before: last })
    count += page.filter((grant) => isAlive(grant, before) && !isAlive(grant, after)).length
    if (page.length < PAGE) break
    last = page.at(-1)?.id ?? null
  }
  return count
}

interface Question {
  readonly pathPrefix: string
  readonly createdBy: string | null
}

/** What a key signed is in no index: only the server's own sign what has a record, and one of them signed nearly all of it. */
function questionOf({ snapshot }: Keys, sweep: Sweep): Question {
  if (sweep.kind === 'instance') return { pathPrefix: '', createdBy: null }
  if (sweep.kind !== 'key') return { pathPrefix: formatPath(sweep.permit.path), createdBy: null }
  const signs = snapshot.accessKeys.some(({ id, kind }) => id === sweep.keyId && kind === 'signing')
  return { pathPrefix: '', createdBy: signs ? null : sweep.keyId }
}
