/** Looks at what was handed out, and ends single links. */
import type { ListGrantsQuery } from '../../catalog/catalog.ts'
import type { GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { actorOf } from '../events/actor-of.ts'
import { callerId } from '../identity.ts'
import type { Caller } from '../identity.ts'
import { DEFAULT_DOWNLOAD_SECONDS } from '../limits.ts'
import { formatPath } from '../paths.ts'
import { authorize } from '../policy/authorize.ts'
import { isWithin } from '../policy/key-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { createGrant } from './create-grant.ts'
import { fileIdOfLink, issuedAtOfLink } from './link-id.ts'
import { describeLink } from './link-state.ts'
import type { LinkState } from './link-state.ts'

export interface LinkView {
  readonly grant: GrantRecord
  readonly state: LinkState
}

export type ListLinksQuery = Pick<ListGrantsQuery, 'before' | 'limit' | 'createdBy' | 'status'>

/** Newest first, of everything under the permit's path. `status` is what a link's own record says: sweeps do not count in it. */
export async function listLinks(
  core: CoreContext,
  { path }: Permit<'share'>,
  query: ListLinksQuery,
): Promise<readonly LinkView[]> {
  const pathPrefix = path.bucket === '' ? '' : formatPath(path)
  const nowMs = core.clock.now()
  const grants = await core.catalog.grants.list({ ...query, pathPrefix, nowMs })
  const keys = await core.keyRing.current()
  return grants.map((grant) => ({ grant, state: describeLink(grant, keys, nowMs) }))
}

/** A link somebody may share the file of; of an automatic one what its id says. Throws `link-not-found`. */
export async function authorizeLink(
  core: CoreContext,
  caller: Caller,
  id: string,
): Promise<{ readonly permit: Permit<'share'>; readonly link: LinkView }> {
  const grant = (await core.catalog.grants.find(id)) ?? (await describeAutomatic(core, id))
  if (grant === null || !isWithin(caller.scope.pathPrefix, grant)) throw linkNotFound(id)
  const { bucket, key } = grant
  const permit = await authorize(core, caller, 'share', { bucket, key })
  const state = describeLink(grant, await core.keyRing.current(), core.clock.now())
  return { permit, link: { grant, state } }
}

/** Ends one link: from the moment this resolves, no node serves it. Revoking twice is fine. */
export async function revokeLink(
  core: CoreContext,
  { caller }: Permit<'share'>,
  { grant }: LinkView,
): Promise<void> {
  const stub = fileIdOfLink(grant.id) === null ? null : grant
  await core.catalog.grants.revoke(grant.id, core.clock.now(), stub, actorOf(caller))
  core.log.info({ link: grant.id, by: callerId(caller) }, 'link revoked')
}

/** The record that an automatic link would have, and gets once it is revoked. */
async function describeAutomatic(core: CoreContext, id: string): Promise<GrantRecord | null> {
  const fileId = fileIdOfLink(id)
  const createdAt = issuedAtOfLink(id)
  const file = fileId === null ? null : await core.files.findById(fileId)
  if (file === null || createdAt === null) return null
  const { signingKey } = await core.keyRing.current()
  return createGrant({
    id,
    method: 'GET',
    bucket: file.bucket,
    key: file.key,
    fileId: file.id,
    signingKeyId: signingKey?.accessKeyId ?? '',
    createdAt,
    createdBy: 'automatic',
    // At most: a folder may have lowered it.
    expiresAt: createdAt + (DEFAULT_DOWNLOAD_SECONDS + 1) * 1000,
  })
}

function linkNotFound(id: string): DomainError<'link-not-found'> {
  return refusal('link-not-found', { id })
}
