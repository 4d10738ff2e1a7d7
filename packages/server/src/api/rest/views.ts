/** Records as clients see them: ISO times, paths in one piece, no blob ids, no sealed secrets. */
import type {
  AccessKeyRecord,
  ApiKeyRecord,
  FileRecord,
  GrantRecord,
  Visibility,
} from '../../catalog/records.ts'
import type { CoreContext } from '../../core/context.ts'
import type { FolderView } from '../../core/folders/folders.ts'
import { publicFileUrl, signFileUrl } from '../../core/links/issue-link.ts'

/** How the file can be fetched: public files by their URL, private ones for a few minutes. */
export async function viewFile(
  core: CoreContext,
  file: FileRecord,
  access: { readonly visibility: Visibility; readonly mayRead: boolean },
): Promise<object> {
  const view = describeFile(file, access.visibility)
  if (access.visibility === 'public') return { ...view, url: publicFileUrl(core, file) }
  if (!access.mayRead) return view
  const { url, expiresAt } = await signFileUrl(core, file)
  return { ...view, signedUrl: url, expiresAt: expiresAt.toISOString() }
}

function describeFile(file: FileRecord, visibility: Visibility): object {
  return {
    id: file.id,
    path: `${file.bucket}/${file.key}`,
    name: file.key.slice(file.key.lastIndexOf('/') + 1),
    size: file.size,
    contentType: file.contentType,
    etag: file.etag,
    sha256: file.sha256,
    metadata: file.metadata,
    visibility,
    createdAt: formatTime(file.createdAt),
    modifiedAt: formatTime(file.modifiedAt),
  }
}

export function viewFolder(folder: FolderView): object {
  return { ...folder, updatedAt: formatTimeOrNull(folder.updatedAt) }
}

export function viewLink(grant: GrantRecord): object {
  return {
    id: grant.id,
    method: grant.method,
    path: `${grant.bucket}/${grant.key}`,
    createdAt: formatTime(grant.createdAt),
    createdBy: grant.createdBy,
    expiresAt: formatTime(grant.expiresAt),
    reason: grant.reason,
    maxUses: grant.maxUses,
    uses: grant.uses,
    maxBytes: grant.maxBytes,
    contentTypes: grant.contentTypes,
    revokedAt: formatTimeOrNull(grant.revokedAt),
  }
}

export function viewApiKey(key: ApiKeyRecord): object {
  return viewKey(key)
}

export function viewAccessKey(key: AccessKeyRecord): object {
  const { maxExpiresInSeconds, mayPresignDelete } = key
  return { ...viewKey(key), maxExpiresIn: maxExpiresInSeconds, mayPresignDelete }
}

export function viewSigningKey(key: AccessKeyRecord): object {
  const { id, state, createdAt, createdBy, revokedAt } = key
  return {
    id,
    state,
    createdAt: formatTime(createdAt),
    createdBy,
    revokedAt: formatTimeOrNull(revokedAt),
  }
}

function viewKey(key: ApiKeyRecord | AccessKeyRecord): object {
  return {
    id: key.id,
    name: key.name,
    actions: key.scope.actions,
    pathPrefix: key.scope.pathPrefix,
    cidrs: key.scope.cidrs,
    createdAt: formatTime(key.createdAt),
    createdBy: key.createdBy,
    expiresAt: formatTimeOrNull(key.expiresAt),
    revokedAt: formatTimeOrNull(key.revokedAt),
  }
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString()
}

function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms)
}
