/** `POST /v1/shares`: a page for people, with a record behind it. */
import { createShare as createShareOf } from '../../../core/shares/create-share.ts'
import { defineOperation } from '../operation.ts'
import { ShareRequest, authorizeShared, toShareOptions } from './share-request.ts'
import { CreatedShareSchema, viewShare } from './share-view.ts'

export const createShare = defineOperation({
  id: 'createShare',
  method: 'POST',
  path: '/v1/shares',
  tag: 'Shares',
  summary: 'Share a file or a folder with people, or ask them for files',
  description:
    'Name a file by `path` or `fileId`, or a folder by a `path` that ends in a slash. The answer has the address of a page that needs no key.',
  access: 'key',
  bodyKind: 'json',
  body: ShareRequest,
  answers: { 201: CreatedShareSchema },
  handle: async ({ core, context, principal, body }) => {
    const { permit, kind } = await authorizeShared(core, principal, body)
    const { grant, url } = await createShareOf(core, permit, toShareOptions(body, kind))
    context.metrics.countLink('issued')
    const state = { status: 'active', revokedBy: null, revokedAt: null } as const
    return {
      status: 201,
      headers: { location: `/v1/shares/${grant.id}` },
      body: { ...viewShare({ grant, state }), url },
    }
  },
})
