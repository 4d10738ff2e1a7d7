/** Looks at what was handed out, and ends single links. */
import type { GrantStop, ListGrantsQuery } from '../../catalog/catalog.ts'
import type { GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { resolveFolder } from '../policy/resolve-folder.ts'
import { callerId } from '../identity.ts'
import type { Caller } from '../identity.ts'
import { formatPath } from '../paths.ts'
import { authorize } from '../policy/authorize.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import { automaticLife } from '../policy/folder-rules.ts'
import { isWithin } from '../policy/key-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { createGrant } from './create-grant.ts'
import { creatorOfLink, fileIdOfLink, issuedAtOfLink } from '../link-id.ts'
import { describeLink } from '../policy/link-state.ts'
import type { LinkState } from '../policy/link-state.ts'

export interface LinkView {
  readonly grant: GrantRecord
  readonly state: LinkState
}

export type ListLinksQuery = Pick<
  ListGrantsQuery,
  'before' | 'limit' | 'createdBy' | 'status' | 'isShare'
>

export interface LinkPage {
  readonly links: readonly LinkView[]
  /** The id to go on after; `null` at the end. */
  readonly next: string | null
}

/**
 * Newest first, of everything under the permit's path. Sweeps and ended signing keys are written into no record, so that what they
 * ended is found among all the others: a page looks at no more than LINKS_LOOKED_AT of them, and may come out short of its
 * limit, or empty, with more to follow.
 */
export async function listLinks(
  core: CoreContext,
  { path }: Permit<'share' | 'admin'>,
  query: ListLinksQuery,
): Promise<LinkPage> {
  const { status, limit } = query
  const pathPrefix = path.bucket === '' ? '' : formatPath(path)
  const nowMs = core.clock.now()
  const keys = await core.keyRing.current()
  const size = status === null ? limit : LINKS_LOOKED_AT
  const asked = { ...query, pathPrefix, nowMs, limit: size }
  const grants = await core.catalog.grants.list({
    ...asked,
    status: status === 'revoked' ? null : status,
  })
  const links: LinkView[] = []
  for (const [index, grant] of grants.entries()) {
    const state = describeLink(grant, keys, nowMs)
    if (status === null || state.status === status) links.push({ grant, state })
    const isLast = index === grants.length - 1
    if (links.length === limit && !isLast) return { links, next: grant.id }
  }
  return { links, next: grants.length < size ? null : (grants.at(-1)?.id ?? null) }
}

const LINKS_LOOKED_AT = 1000

/** A link somebody may share the file of; of an automatic one what its id says. Throws `link-not-found`. */
export async function authorizeLink(
  core: CoreContext,
  caller: Caller,
  id: string,
): Promise<{ readonly permit: Permit<'share'>; readonly link: LinkView }> {
  const link = await findLink(core, id)
  if (link === null || !isWithin(caller.scope.pathPrefix, link.grant)) throw linkNotFound(id)
  const { bucket, key } = link.grant
  const permit = await authorize(core, caller, 'share', { bucket, key })
  return { permit, link }
}

/** Whoever asks; of an automatic one what its id says. `null` if it is not there. */
export async function findLink(core: CoreContext, id: string): Promise<LinkView | null> {
  const grant = (await core.catalog.grants.find(id)) ?? (await describeAutomatic(core, id))
  if (grant === null) return null
  const state = describeLink(grant, await core.keyRing.current(), core.clock.now())
  return { grant, state }
}

/** Ends one link: from the moment this resolves, no node serves it. Revoking twice is fine. */
export async function revokeLink(
  core: CoreContext,
  permit: Permit<'share'>,
  { grant }: LinkView,
): Promise<void> {
  const isRevoked = await changeInEpoch(core, permit, (rights) =>
    core.catalog.grants.revoke(grant.id, stopOf(core, grant), rights),
  )
  if (isRevoked) logChange(core, permit, { link: grant.id, message: 'link revoked' })
}

/** Lets nobody have the file by it until it is resumed. Pausing twice is fine. */
export async function pauseLink(
  core: CoreContext,
  permit: Permit<'share'>,
  { grant }: LinkView,
): Promise<void> {
  const isPaused = await changeInEpoch(core, permit, (rights) =>
    core.catalog.grants.pause(grant.id, stopOf(core, grant), rights),
  )
  if (isPaused) logChange(core, permit, { link: grant.id, message: 'link paused' })
}

/** Lets it go on, within its life. One that is not paused goes on as it does. */
export async function resumeLink(
  core: CoreContext,
  permit: Permit<'share'>,
  { grant }: LinkView,
): Promise<void> {
  const isResumed = await changeInEpoch(core, permit, (rights) =>
    core.catalog.grants.resume(grant.id, rights),
  )
  if (isResumed) logChange(core, permit, { link: grant.id, message: 'link resumed' })
}

function stopOf({ clock }: CoreContext, grant: GrantRecord): GrantStop {
  return { nowMs: clock.now(), stub: fileIdOfLink(grant.id) === null ? null : grant }
}

function logChange(
  core: CoreContext,
  { caller }: Permit,
  { link, message }: { readonly link: string; readonly message: string },
): void {
  core.log.info({ link, by: callerId(caller) }, message)
}

/** The record that an automatic link would have, and gets once it is revoked. */
export async function describeAutomatic(
  core: CoreContext,
  id: string,
): Promise<GrantRecord | null> {
  const fileId = fileIdOfLink(id)
  const createdAt = issuedAtOfLink(id)
  const createdBy = creatorOfLink(id)
  const file = fileId === null ? null : await core.files.findById(fileId)
  if (file === null || createdAt === null || createdBy === null) return null
  const { signingKey } = await core.keyRing.current()
  const folder = await resolveFolder(core, file.bucket, file.key)
  const seconds = automaticLife(folder)
  return createGrant({
    id,
    method: 'GET',
    bucket: file.bucket,
    key: file.key,
    fileId: file.id,
    signingKeyId: signingKey?.accessKeyId ?? '',
    createdAt,
    createdBy,
    // As the policy has it by now.
    expiresAt: createdAt + (seconds + 1) * 1000,
  })
}

function linkNotFound(id: string): DomainError<'link-not-found'> {
  return refusal('link-not-found', { id })
}
