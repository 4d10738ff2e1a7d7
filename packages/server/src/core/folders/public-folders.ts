/** Which folders of a bucket are public, seen as one setting of the bucket. */
import type { BucketChange } from '../../catalog/catalog.ts'
import type { FolderRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { callerId } from '../identity.ts'
import { MAX_LIST_ENTRIES } from '../limits.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { requirePublish } from '../policy/require-publish.ts'

export interface PublicFolders {
  /** Paths, each ending in a slash, in byte order; what lies below another one is not named again. */
  readonly folders: readonly string[]
  /** Nothing below them is private. */
  readonly isWhole: boolean
}

export async function findPublicFolders(core: CoreContext, bucket: string): Promise<PublicFolders> {
  const records = await listRecords(core, bucket)
  const folders = outermost(records.filter(isPublic).map(({ path }) => path))
  return { folders, isWhole: !hasPrivateBelow(records, folders) }
}

/**
 * Makes exactly these folders public, and all others of the bucket inherit, in one step. `policy` is the text that says so, to be
 * told again. False, and nothing has changed, if a folder below one of them is private: then they would not be public as a whole.
 * Throws `bucket-not-found`, and `forbidden` without the right to publish what is private.
 */
export async function setPublicFolders(
  core: CoreContext,
  permit: Permit<'admin'>,
  { folders, policy }: { readonly folders: readonly string[]; readonly policy: string | null },
): Promise<boolean> {
  const { bucket } = permit.path
  const changedAt = core.clock.now()
  const because = { changedAt, changedBy: callerId(permit.caller), reason: null }
  const outcome = await changeInEpoch(core, permit, async (rights) => {
    const records = await listRecords(core, bucket)
    if (hasPrivateBelow(records, folders)) return 'private-below' as const
    if (!folders.every((folder) => isPublicAt(records, folder))) await requirePublish(core, permit)
    const changes = { ...chooseChanges(records, folders, changedAt), because }
    // Of these records and no others it was seen that nothing below is private.
    const exactly = { ...rights, keyId: null }
    return core.catalog.buckets.update(bucket, { settings: { policy }, folders: changes }, exactly)
  })
  if (outcome === 'private-below') return false
  if (!outcome) throw bucketNotFound(bucket)
  await core.keyRing.refresh()
  core.log.info({ bucket, public: folders, by: callerId(permit.caller) }, 'public folders changed')
  return true
}

function chooseChanges(
  records: readonly FolderRecord[],
  folders: readonly string[],
  updatedAt: number,
): Omit<NonNullable<BucketChange['folders']>, 'because'> {
  const ending = records.filter((record) => isPublic(record) && !folders.includes(record.path))
  const hasPolicy = ({ policy }: FolderRecord): boolean => Object.keys(policy).length > 0
  const published = folders.map((path): FolderRecord => {
    const policy = records.find((record) => record.path === path)?.policy ?? {}
    return { path, visibility: 'public', policy, updatedAt }
  })
  return {
    put: [
      ...ending.filter(hasPolicy).map((record) => ({ ...record, visibility: null, updatedAt })),
      ...published,
    ],
    remove: ending.filter((record) => !hasPolicy(record)).map(({ path }) => path),
  }
}

async function listRecords({ catalog }: CoreContext, bucket: string): Promise<FolderRecord[]> {
  const records: FolderRecord[] = []
  for (;;) {
    const after = records.at(-1)?.path ?? ''
    const page = await catalog.folders.list(`${bucket}/`, after, MAX_LIST_ENTRIES)
    records.push(...page)
    if (page.length < MAX_LIST_ENTRIES) return records
  }
}

function isPublic({ visibility }: FolderRecord): boolean {
  return visibility === 'public'
}

/** By the nearest record at or above the folder; nothing above a bucket says anything. */
function isPublicAt(records: readonly FolderRecord[], folder: string): boolean {
  const above = records.filter(
    ({ path, visibility }) => visibility !== null && folder.startsWith(path),
  )
  const [nearest] = above.toSorted((a, b) => b.path.length - a.path.length)
  return nearest !== undefined && isPublic(nearest)
}

function hasPrivateBelow(records: readonly FolderRecord[], folders: readonly string[]): boolean {
  return records.some(
    ({ path, visibility }) =>
      visibility === 'private' &&
      folders.some((folder) => path !== folder && path.startsWith(folder)),
  )
}

function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)))
}
