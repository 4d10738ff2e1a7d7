/**
 * Folders: a path prefix with a visibility and a policy. Private by default, inherited, the nearest wins. A permit for one is for its
 * prefix: the key of its path is empty or ends in a slash (`parseFolderPath`).
 */
import type { FolderPolicy, Visibility } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { callerId } from '../identity.ts'
import { foldersOf, formatPath, splitPath } from '../paths.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { resolveRecords } from './resolve-folder.ts'

export interface FolderView {
  readonly path: string
  readonly visibility: Visibility
  /** Where the visibility comes from, if not from this folder's own setting. */
  readonly inheritedFrom: string | null
  readonly policy: FolderPolicy
  readonly updatedAt: number | null
}

/** Sets visibility (`null`: inherit) and policy of a folder; throws `bucket-not-found`. */
export async function putFolder(
  core: CoreContext,
  permit: Permit<'admin'>,
  change: { readonly visibility: Visibility | null; readonly policy: FolderPolicy },
): Promise<FolderView> {
  const path = formatPath(permit.path)
  const updatedAt = core.clock.now()
  const { visibility, policy } = change
  const isPut = await changeInEpoch(core, permit, (rights) =>
    core.catalog.folders.put({ path, visibility, policy, updatedAt }, rights),
  )
  if (!isPut) throw bucketNotFound(permit.path.bucket)
  await core.keyRing.refresh()
  core.log.info({ folder: path, visibility, by: callerId(permit.caller) }, 'folder changed')
  return viewFolder(core, path)
}

/** A folder as it stands, with what it inherits; a folder without a record of its own has one too. */
export async function getFolder(core: CoreContext, permit: Permit<'list'>): Promise<FolderView> {
  const { bucket } = permit.path
  if ((await core.catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
  return viewFolder(core, formatPath(permit.path))
}

/** Removes a folder's own settings, so that it inherits again; files stay. Throws `folder-not-found`. */
export async function deleteFolder(core: CoreContext, permit: Permit<'admin'>): Promise<void> {
  const path = formatPath(permit.path)
  const isRemoved = await changeInEpoch(core, permit, (rights) =>
    core.catalog.folders.remove(path, rights),
  )
  if (!isRemoved) throw refusal('folder-not-found', { path })
  await core.keyRing.refresh()
  core.log.info({ folder: path, by: callerId(permit.caller) }, 'folder settings removed')
}

/** Folders with settings of their own below the permit's path, or everywhere if it has none; in byte order. */
export async function listFolders(
  core: CoreContext,
  permit: Permit<'list'>,
  query: { readonly after: string; readonly limit: number },
): Promise<readonly FolderView[]> {
  const within = permit.path.bucket === '' ? '' : formatPath(permit.path)
  const records = await core.catalog.folders.list(within, query.after, query.limit)
  return Promise.all(records.map((record) => viewFolder(core, record.path)))
}

async function viewFolder(core: CoreContext, path: string): Promise<FolderView> {
  const { bucket, key } = splitPath(path)
  const records = await core.catalog.folders.findMany(foldersOf(bucket, key))
  const { visibility, visibilityFrom } = resolveRecords(records)
  const own = records.find((record) => record.path === path)
  return {
    path,
    visibility,
    inheritedFrom: visibilityFrom === path ? null : visibilityFrom,
    policy: own?.policy ?? {},
    updatedAt: own?.updatedAt ?? null,
  }
}
