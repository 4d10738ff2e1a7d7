/** `POST /v1/links/batch`: many links at once, all of them or none. */
import { Type } from 'typebox'
import { refusedWithin } from '../../../core/errors.ts'
import { MAX_LINKS_AT_ONCE } from '../../../core/limits.ts'
import { issueLinks, placeOfLink } from '../../../core/links/issue-link.ts'
import type { LinkWish } from '../../../core/links/issue-link.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { IssuedLinkSchema, LinkRequest, toWish, viewIssuedLink } from './link-request.ts'

export const createLinks = defineOperation({
  id: 'createLinks',
  method: 'POST',
  path: '/v1/links/batch',
  tag: 'Links',
  summary: 'Issue many signed URLs at once',
  description:
    'The links come in the order they were asked for. If one of them is refused, none is issued, and `field` and the detail say which.',
  access: 'key',
  bodyKind: 'json',
  body: strictObject({
    links: Type.Array(LinkRequest, { minItems: 1, maxItems: MAX_LINKS_AT_ONCE }),
  }),
  answers: { 201: strictObject({ links: Type.Array(IssuedLinkSchema) }) },
  handle: async ({ core, context, principal, body }) => {
    // The request itself has been counted.
    const others = body.links.length - 1
    if (others > 0) core.requirePace('key', principal.id, others)
    const wishes: LinkWish[] = []
    for (const [index, link] of body.links.entries()) {
      try {
        wishes.push(await toWish(core, principal, link))
      } catch (error) {
        throw refusedWithin(error, placeOfLink(index))
      }
    }
    const issued = await issueLinks(core, wishes)
    for (const _ of issued) context.metrics.countLink('issued')
    return { status: 201, body: { links: issued.map(viewIssuedLink) } }
  },
})
