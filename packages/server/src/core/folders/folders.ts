/** Folders: a path prefix with a visibility and a policy. Private by default, inherited, the nearest wins. */
import type { FolderPolicy, Visibility } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { requireAccess } from '../access.ts'
import { DomainError } from '../errors.ts'
import type { Principal } from '../identity.ts'
import { foldersOf, parseFolderPath } from '../paths.ts'
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
  principal: Principal,
  change: {
    readonly path: string
    readonly visibility: Visibility | null
    readonly policy: FolderPolicy
  },
): Promise<FolderView> {
  const path = parseFolderPath(change.path)
  const { bucket, prefix } = splitFolder(path)
  await requireAccess(core, principal, 'admin', { bucket, key: prefix })
  const updatedAt = core.clock.now()
  const { visibility, policy } = change
  if (!(await core.catalog.folders.put({ path, visibility, policy, updatedAt }))) {
    throw new DomainError('bucket-not-found', `There is no bucket ${bucket}.`, { bucket })
  }
  core.log.info({ folder: path, visibility, by: principal.id }, 'folder changed')
  return viewFolder(core, path)
}

/** A folder as it stands, with what it inherits; a folder without a record of its own has one too. */
export async function getFolder(
  core: CoreContext,
  principal: Principal,
  folderPath: string,
): Promise<FolderView> {
  const path = parseFolderPath(folderPath)
  const { bucket, prefix } = splitFolder(path)
  await requireAccess(core, principal, 'list', { bucket, key: prefix })
  if ((await core.catalog.buckets.find(bucket)) === null) {
    throw new DomainError('bucket-not-found', `There is no bucket ${bucket}.`, { bucket })
  }
  return viewFolder(core, path)
}

/** Removes a folder's own settings, so that it inherits again; files stay. Throws `folder-not-found`. */
export async function deleteFolder(
  core: CoreContext,
  principal: Principal,
  folderPath: string,
): Promise<void> {
  const path = parseFolderPath(folderPath)
  const { bucket, prefix } = splitFolder(path)
  await requireAccess(core, principal, 'admin', { bucket, key: prefix })
  if (!(await core.catalog.folders.remove(path))) {
    throw new DomainError('folder-not-found', `No settings are stored for ${path}.`, { path })
  }
  core.log.info({ folder: path, by: principal.id }, 'folder settings removed')
}

/** Folders with settings of their own, in byte order. */
export async function listFolders(
  core: CoreContext,
  principal: Principal,
  query: { readonly pathPrefix: string; readonly after: string; readonly limit: number },
): Promise<readonly FolderView[]> {
  const within = query.pathPrefix === '' ? '' : parseFolderPath(query.pathPrefix)
  const { bucket, prefix } = splitFolder(within)
  await requireAccess(core, principal, 'list', { bucket, key: prefix })
  const records = await core.catalog.folders.list(within, query.after, query.limit)
  return Promise.all(records.map((record) => viewFolder(core, record.path)))
}

async function viewFolder(core: CoreContext, path: string): Promise<FolderView> {
  const { bucket, prefix } = splitFolder(path)
  const records = await core.catalog.folders.findMany(foldersOf(bucket, prefix))
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

function splitFolder(path: string): { bucket: string; prefix: string } {
  const slash = path.indexOf('/')
  return { bucket: path.slice(0, Math.max(slash, 0)), prefix: path.slice(slash + 1) }
}
