/** A share as clients see it. Its address was shown once and is not kept, and its password never is. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { isRefusal, refusal } from '../../../core/errors.ts'
import type { CoreContext } from '../../../core/context.ts'
import type { Principal } from '../../../core/identity.ts'
import { authorizeLink } from '../../../core/links/links.ts'
import type { LinkView } from '../../../core/links/links.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { LinkSchema, viewLink } from '../links/link-view.ts'
import { named, strictObject } from '../schemas.ts'
import { KindSchema } from './share-request.ts'

/** What a share always has the same, or never. */
const { method: _method, version: _version, share: _share, ...shown } = LinkSchema.properties
const { sha256: _sha256, overwrite: _overwrite, ...kept } = shown

export const ShareSchema = named(
  'Share',
  strictObject(
    {
      ...kept,
      kind: KindSchema,
      hasPassword: Type.Boolean(),
      greeting: Type.Union([Type.String(), Type.Null()]),
      owner: Type.Union([Type.String(), Type.Null()]),
    },
    'A page for people. Its address was shown once and is not kept.',
  ),
)

export const CreatedShareSchema = named(
  'CreatedShare',
  strictObject(
    {
      ...ShareSchema.properties,
      url: Type.String({ description: 'The address of the page. It is shown this once.' }),
    },
    'The share, and its address.',
  ),
)

export function viewShare(link: LinkView): Static<typeof ShareSchema> {
  const { share } = link.grant
  if (share === null) throw refusal('share-not-found', {})
  const { method: _method, version: _version, share: _share, ...view } = viewLink(link)
  const { sha256: _sha256, overwrite: _overwrite, ...seen } = view
  return {
    ...seen,
    kind: share.kind,
    hasPassword: share.password !== undefined,
    greeting: share.greeting ?? null,
    owner: share.owner ?? null,
  }
}

/** Throws `share-not-found` for a link, too. */
export async function authorizeShare(
  core: CoreContext,
  principal: Principal,
  id: string,
): Promise<{ readonly permit: Permit<'share'>; readonly link: LinkView }> {
  try {
    const found = await authorizeLink(core, principal, id)
    if (found.link.grant.share !== null) return found
  } catch (error) {
    if (!isRefusal(error, 'link-not-found')) throw error
  }
  throw refusal('share-not-found', {})
}
