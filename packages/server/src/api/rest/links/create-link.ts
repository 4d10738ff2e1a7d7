/** `POST /v1/links`: a signed URL for one file and one method, with a record behind it. */
import { issueLink } from '../../../core/links/issue-link.ts'
import { defineOperation } from '../operation.ts'
import { IssuedLinkSchema, LinkRequest, toWish, viewIssuedLink } from './link-request.ts'

export const createLink = defineOperation({
  id: 'createLink',
  method: 'POST',
  path: '/v1/links',
  tag: 'Links',
  summary: 'Issue a signed URL',
  description:
    'Name the file by `path` or by `fileId`. Method and life are signed: the URL does one thing, for that long.',
  access: 'key',
  bodyKind: 'json',
  body: LinkRequest,
  answers: { 201: IssuedLinkSchema },
  handle: async ({ core, context, principal, body }) => {
    const { permit, options } = await toWish(core, principal, body)
    const issued = await issueLink(core, permit, options)
    context.metrics.countLink('issued')
    return {
      status: 201,
      headers: { location: `/v1/links/${issued.id}` },
      body: viewIssuedLink(issued),
    }
  },
})
