/**
 * Folders: a path prefix with a visibility and a policy. Private by default, inherited, the nearest wins. A permit for one is for its
 * prefix: the key of its path is empty or ends in a slash (`parseFolderPath`). Nothing at all is the instance.
 */
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import type { Visibility } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { callerId } from '../identity.ts'
import { INSTANCE, foldersOf, formatPath, splitPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import { checkPolicy } from '../policy/check-policy.ts'
import type { Permit } from '../policy/permit.ts'
import { lineOfOwn } from '../policy/require-mount.ts'
import { requirePublish } from '../policy/require-publish.ts'
import { resolveRecords } from '../policy/resolve-folder.ts'
import type { ResolvedFolder } from '../policy/resolve-folder.ts'
import { listPurge } from './purge-list.ts'

export interface FolderView {
  readonly path: string
  readonly visibility: Visibility
  /** Where the visibility comes from, if not from this folder's own setting. */
  readonly inheritedFrom: string | null
  readonly policy: FolderPolicy
  readonly updatedAt: number | null
}

export interface FolderChange {
  /** `null`: inherit; `undefined`: as it is. */
  readonly visibility?: Visibility | null
  /** `null`: nothing of its own; `undefined`: as it is. */
  readonly policy?: FolderPolicy | null
  readonly reason: string | null
}

/** Of a folder that was public and is no more: what begins with one of these may still lie in caches of others. Else nothing. */
export type PurgeList = readonly string[]

/** Sets visibility and policy of a folder; throws `bucket-not-found`, `forbidden` without the right to publish, and `field-invalid` for a line that cannot hold here. */
export async function putFolder(
  core: CoreContext,
  permit: Permit<'admin'>,
  change: FolderChange,
): Promise<{ readonly folder: FolderView; readonly purge: PurgeList }> {
  const path = pathOf(permit.path)
  const { reason } = change
  const changedAt = core.clock.now()
  const changedBy = callerId(permit.caller)
  let isClosed = false
  const isPut = await changeInEpoch(core, permit, async (rights) => {
    const { own, above, here } = await readFolder(core, permit.path)
    // What stays was checked when it was set; a folder above that was tightened since binds it anyway.
    if (change.policy) checkPolicy(change.policy, path === INSTANCE ? null : above)
    requireScanners(core, change.policy)
    await requireNoMount(core, permit.path, change.policy)
    const { visibility = own?.visibility ?? null, policy = own?.policy ?? null } = change
    const becomes = visibility ?? above.visibility
    isClosed = becomes === 'private' && here.visibility === 'public'
    if (becomes === 'public' && here.visibility === 'private') await requirePublish(core, permit)
    const record = { path, visibility, policy: policy ?? {}, updatedAt: changedAt }
    return core.catalog.folders.put(record, { changedAt, changedBy, reason }, rights)
  })
  if (!isPut) throw bucketNotFound(permit.path.bucket)
  await core.keyRing.refresh()
  core.log.info({ folder: path, by: changedBy, reason }, 'folder changed')
  const folder = await viewFolder(core, permit.path)
  return { folder, purge: isClosed ? listPurge(core, permit.path) : [] }
}

/** Nobody would ever look at the files. Throws `field-invalid`. */
function requireScanners(
  { scanners }: Pick<CoreContext, 'scanners'>,
  policy: FolderPolicy | null | undefined,
): void {
  const missing = policy?.quarantine?.find((name) => !scanners.includes(name))
  if (missing === undefined) return
  const reason = `the settings of the server name no ${missing}`
  throw refusal('field-invalid', { field: 'policy.quarantine', reason })
}

/** A line that could not be kept is not set: no file of a mounted bucket would keep to it. Throws `mount-limited`. */
async function requireNoMount(
  { catalog }: Pick<CoreContext, 'catalog'>,
  { bucket }: ObjectPath,
  policy: FolderPolicy | null | undefined,
): Promise<void> {
  const line = policy ? lineOfOwn(policy) : null
  if (line === null) return
  const mounts = await catalog.mounts.list()
  const bound = mounts.find(
    (mount) => (bucket === INSTANCE && !mount.isReadOnly) || mount.bucket === bucket,
  )
  if (bound === undefined) return
  const reason = `the line ${line} of a policy can be kept for files of this server's own alone`
  throw refusal('mount-limited', { bucket: bound.bucket, reason })
}

/** A folder as it stands, with what it inherits; a folder without a record of its own has one too. */
export async function getFolder(core: CoreContext, permit: Permit<'list'>): Promise<FolderView> {
  await requireBucket(core, permit.path)
  return viewFolder(core, permit.path)
}

/** Removes a folder's own settings, so that it inherits again; files stay. Throws `folder-not-found`, and `forbidden` without the right to publish. */
export async function deleteFolder(core: CoreContext, permit: Permit<'admin'>): Promise<PurgeList> {
  const path = pathOf(permit.path)
  const changedBy = callerId(permit.caller)
  const because = { changedAt: core.clock.now(), changedBy, reason: null }
  let isClosed = false
  const isRemoved = await changeInEpoch(core, permit, async (rights) => {
    const { above, here } = await readFolder(core, permit.path)
    const isOpened = above.visibility === 'public' && here.visibility === 'private'
    if (isOpened) await requirePublish(core, permit)
    isClosed = above.visibility === 'private' && here.visibility === 'public'
    return core.catalog.folders.remove(path, because, rights)
  })
  if (!isRemoved) throw refusal('folder-not-found', { path })
  await core.keyRing.refresh()
  core.log.info({ folder: path, by: changedBy }, 'folder settings removed')
  return isClosed ? listPurge(core, permit.path) : []
}

/** Folders with settings of their own below the permit's path, or everywhere if it has none; in byte order. */
export async function listFolders(
  core: CoreContext,
  permit: Permit<'list'>,
  query: { readonly after: string; readonly limit: number },
): Promise<readonly FolderView[]> {
  const within = pathOf(permit.path)
  const records = await core.catalog.folders.list(within, query.after, query.limit)
  return Promise.all(records.map(({ path }) => viewFolder(core, splitPath(path))))
}

/** As the catalog has it: `''` for the instance. */
export function pathOf(path: ObjectPath): string {
  return path.bucket === '' ? INSTANCE : formatPath(path)
}

export async function requireBucket(core: CoreContext, { bucket }: ObjectPath): Promise<void> {
  if (bucket === '' || (await core.catalog.buckets.find(bucket)) !== null) return
  throw bucketNotFound(bucket)
}

export interface FoldersHere {
  /** The folder's own record. */
  readonly own: { readonly policy: FolderPolicy; readonly visibility: Visibility | null } | null
  /** What it would inherit without one. */
  readonly above: ResolvedFolder
  /** What holds. */
  readonly here: ResolvedFolder
  readonly updatedAt: number | null
}

/** From the catalog itself, not from memory. */
export async function readFolder(core: CoreContext, at: ObjectPath): Promise<FoldersHere> {
  const path = pathOf(at)
  const paths = path === INSTANCE ? [] : foldersOf(at.bucket, at.key)
  const records = await core.catalog.folders.findMany([...paths, INSTANCE])
  const own = records.find((record) => record.path === path) ?? null
  return {
    own,
    above: resolveRecords(records.filter((record) => record !== own)),
    here: resolveRecords(records),
    updatedAt: own?.updatedAt ?? null,
  }
}

async function viewFolder(core: CoreContext, at: ObjectPath): Promise<FolderView> {
  const path = pathOf(at)
  const { own, here, updatedAt } = await readFolder(core, at)
  const { visibility, visibilityFrom } = here
  return {
    path,
    visibility,
    inheritedFrom: visibilityFrom === path ? null : visibilityFrom,
    policy: own?.policy ?? {},
    updatedAt,
  }
}
