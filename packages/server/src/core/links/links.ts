/** Looks at and revokes what was handed out. */
import type { GrantRecord } from '../../catalog/records.ts'
import { isWithin, requireAccess } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import type { Principal } from '../identity.ts'
import { parseFilePath, parseFolderPath } from '../paths.ts'

/** What "revoke everything issued before now" reaches. */
export type RevocationTarget =
  | { readonly kind: 'instance' }
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }

/** Newest first. */
export async function listLinks(
  core: CoreContext,
  principal: Principal,
  query: { readonly before: string | null; readonly limit: number },
): Promise<readonly GrantRecord[]> {
  const { pathPrefix } = principal.scope
  await requireAccess(core, principal, 'share', splitPrefix(pathPrefix))
  return core.catalog.grants.list(pathPrefix, query.before, query.limit)
}

export async function getLink(
  core: CoreContext,
  principal: Principal,
  id: string,
): Promise<GrantRecord> {
  const grant = await core.catalog.grants.find(id)
  if (grant === null || !isWithin(principal.scope.pathPrefix, grant)) throw linkNotFound(id)
  await requireAccess(core, principal, 'share', grant)
  return grant
}

/** Ends one link: from the moment this resolves, no node serves it. Revoking twice is fine. */
export async function revokeLink(
  core: CoreContext,
  principal: Principal,
  id: string,
): Promise<void> {
  const grant = await getLink(core, principal, id)
  await core.catalog.grants.revoke(grant.id, core.clock.now())
  core.log.info({ link: id, by: principal.id }, 'link revoked')
}

/** Ends every link of a file, folder, key or the instance that was signed before this moment, which it resolves to. */
export async function revokeBefore(
  core: CoreContext,
  principal: Principal,
  target: RevocationTarget,
): Promise<Date> {
  const { scope, path } = toScope(target)
  await requireAccess(
    core,
    principal,
    path === null ? 'admin' : 'share',
    path ?? { bucket: '', key: '' },
  )
  const notBefore = core.clock.now()
  await core.catalog.keys.revokeBefore({ scope, notBefore })
  await core.keyRing.refresh()
  core.log.info({ scope, by: principal.id }, 'links revoked')
  return new Date(notBefore)
}

function toScope(target: RevocationTarget): {
  readonly scope: string
  readonly path: { readonly bucket: string; readonly key: string } | null
} {
  switch (target.kind) {
    case 'instance':
      return { scope: '', path: null }
    case 'key':
      return { scope: `key:${target.keyId}`, path: null }
    case 'folder': {
      const folder = parseFolderPath(target.path)
      return { scope: `folder:${folder}`, path: splitPrefix(folder) }
    }
    case 'file': {
      const path = parseFilePath(target.path)
      return { scope: `file:${path.bucket}/${path.key}`, path }
    }
  }
}

function splitPrefix(prefix: string): { bucket: string; key: string } {
  const [bucket = ''] = prefix.split('/')
  return { bucket, key: prefix.slice(bucket.length + 1) }
}

function linkNotFound(id: string): DomainError<'link-not-found'> {
  return new DomainError('link-not-found', 'There is no link with this id.', { id })
}
