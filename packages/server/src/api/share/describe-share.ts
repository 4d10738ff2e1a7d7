/** A share for programs that ask for JSON: what the page says. */
import type { ShareGrant } from '../../auth/authenticate-share.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { nameOf } from '../../core/paths.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import type { Permit } from '../../core/policy/permit.ts'
import type { FolderView } from './list-folder.ts'

/** What the kind of share has besides. */
export type Content =
  | { readonly file: FileRecord }
  | { readonly view: FolderView }
  | { readonly permit: Pick<Permit, 'minBytes' | 'maxBytes' | 'contentTypes'> }

export function describeShare(grant: ShareGrant, content: Content): PageAnswer {
  const { share, bucket, key, expiresAt, maxUses, uses } = grant
  const body = {
    kind: share.kind,
    name: nameOf(key) || bucket,
    ...describeContent(content),
    owner: share.owner ?? null,
    greeting: share.greeting ?? null,
    expiresAt: new Date(expiresAt).toISOString(),
    usesLeft: maxUses === null ? null : Math.max(0, maxUses - uses),
  }
  const headers = { 'content-type': 'application/json' }
  return { status: 200, headers, body: JSON.stringify(body) }
}

function describeContent(content: Content): object {
  if ('permit' in content) {
    const { minBytes, maxBytes, contentTypes } = content.permit
    return { minBytes, maxBytes, contentTypes }
  }
  if ('file' in content) {
    const { size, contentType } = content.file
    return { size, contentType }
  }
  const { path, within, folders, files, next } = content.view
  return {
    in: within,
    folders: folders.map((name) => within + name),
    files: files.map(({ key, size, contentType, modifiedAt }) => ({
      file: within + key.slice(path.key.length),
      size,
      contentType,
      modifiedAt: new Date(modifiedAt).toISOString(),
    })),
    next,
  }
}
