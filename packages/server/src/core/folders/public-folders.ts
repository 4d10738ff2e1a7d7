/** Which folders of a bucket are public, seen as one setting of the bucket. */
import type { FolderRecord } from '../../catalog/records.ts'
import { changeSettings } from '../buckets/bucket-settings.ts'
import type { CoreContext } from '../context.ts'
import { bucketNotFound } from '../files/buckets.ts'
import { callerId } from '../identity.ts'
import { MAX_LIST_ENTRIES } from '../limits.ts'
import type { Permit } from '../policy/permit.ts'

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
 * Makes exactly these folders public, and all others of the bucket inherit. `policy` is the text that says so, to be told again. False,
 * and nothing has changed, if a folder below one of them is private: then they would not be public as a whole. Throws
 * `bucket-not-found`.
 */
export async function setPublicFolders(
  core: CoreContext,
  permit: Permit<'admin'>,
  { folders, policy }: { readonly folders: readonly string[]; readonly policy: string | null },
): Promise<boolean> {
  const { bucket } = permit.path
  const records = await listRecords(core, bucket)
  if (hasPrivateBelow(records, folders)) return false
  // What is to be private becomes so before anything becomes public: a crash in between shows too little.
  for (const record of records) {
    if (isPublic(record) && !folders.includes(record.path)) await inherit(core, record)
  }
  await changeSettings(core, permit, { policy })
  for (const path of folders) {
    const standing = records.find((record) => record.path === path)
    const updatedAt = core.clock.now()
    const record = {
      path,
      visibility: 'public',
      policy: standing?.policy ?? {},
      updatedAt,
    } as const
    if (!(await core.catalog.folders.put(record))) throw bucketNotFound(bucket)
  }
  await core.keyRing.refresh()
  core.log.info({ bucket, public: folders, by: callerId(permit.caller) }, 'public folders changed')
  return true
}

async function inherit({ catalog, clock }: CoreContext, record: FolderRecord): Promise<void> {
  if (Object.keys(record.policy).length === 0) await catalog.folders.remove(record.path)
  else await catalog.folders.put({ ...record, visibility: null, updatedAt: clock.now() })
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
