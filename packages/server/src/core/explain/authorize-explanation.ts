/** Who may be told why a request fails: administrators of the instance, and whoever may see the links of what it asks for. */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import type { Principal } from '../identity.ts'
import { isAutomaticLink } from '../link-id.ts'
import { describeAutomatic } from '../links/links.ts'
import type { LinkView } from '../links/links.ts'
import type { ObjectPath } from '../paths.ts'
import { authorize, authorizeInstance } from '../policy/authorize.ts'
import { isWithin } from '../policy/key-rules.ts'
import { describeLink } from '../policy/link-state.ts'

export interface AskedAbout {
  /** `null`: what it asks for can be no path. */
  readonly path: ObjectPath | null
  /** Claimed and not verified. */
  readonly linkId: string | null
  /** The address of a share, which stands for the path of its link. */
  readonly isShare: boolean
}

/**
 * The link that the request names, as far as the caller may see it. What lies outside of the caller's reach is answered like a link that is
 * not there. Throws `link-not-found`, `forbidden`.
 */
export async function authorizeExplanation(
  core: CoreContext,
  principal: Principal,
  asked: AskedAbout,
): Promise<LinkView | null> {
  const { linkId } = asked
  const link = linkId === null ? null : await findLink(core, linkId)
  const { actions, pathPrefix } = principal.scope
  if (pathPrefix !== '' || !actions.includes('admin')) {
    return authorizeWithin(core, principal, asked, link)
  }
  await authorizeInstance(core, principal)
  return link
}

async function authorizeWithin(
  core: CoreContext,
  principal: Principal,
  { path, linkId, isShare }: AskedAbout,
  link: LinkView | null,
): Promise<LinkView | null> {
  const { actions, pathPrefix } = principal.scope
  const action = actions.includes('admin') ? 'admin' : 'share'
  const place = isShare ? placeOf(link) : path
  if (place === null || !isWithin(pathPrefix, place)) throw notFound(linkId)
  await authorize(core, principal, action, place)
  const own = placeOf(link)
  if (own !== null && isWithin(pathPrefix, own)) {
    await authorize(core, principal, action, own)
    return link
  }
  // That an automatic one has no record says nothing; any other would have one.
  if (linkId !== null && !isAutomaticLink(linkId)) throw notFound(linkId)
  return null
}

function placeOf(link: LinkView | null): ObjectPath | null {
  if (link === null) return null
  const { bucket, key } = link.grant
  return { bucket, key }
}

async function findLink(core: CoreContext, id: string): Promise<LinkView | null> {
  const grant = (await core.catalog.grants.find(id)) ?? (await describeAutomatic(core, id))
  if (grant === null) return null
  const state = describeLink(grant, await core.keyRing.current(), core.clock.now())
  return { grant, state }
}

function notFound(linkId: string | null): DomainError<'link-not-found'> {
  return refusal('link-not-found', { id: linkId ?? '' })
}
