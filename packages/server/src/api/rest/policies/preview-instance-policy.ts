/** `POST /v1/policy/preview`: which living links a policy would refuse. Changes nothing. */
import { linesOf } from '../../../core/folders/folder-policy.ts'
import { previewPolicy } from '../../../core/links/preview-policy.ts'
import { previewRequests } from '../../../core/links/preview-requests.ts'
import { parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { DEFAULT_PAGE } from '../schemas.ts'
import { PolicyPreviewSchema, PreviewRequest, viewPolicyPreview } from './policy-view.ts'

export const previewInstancePolicy = defineOperation({
  id: 'previewInstancePolicy',
  method: 'POST',
  path: '/v1/policy/preview',
  tag: 'Policies',
  summary: 'See what a policy would refuse',
  description:
    'Looks at living links page by page, newest first, and with the first page at the requests of the last seven days. Those without a record (that come with files, or that clients presign) cannot be listed.',
  access: 'admin',
  bodyKind: 'json',
  body: PreviewRequest,
  answers: { 200: PolicyPreviewSchema },
  handle: async ({ core, permit, body }) => {
    const { preset, policy = {}, limit = DEFAULT_PAGE } = body
    const before = parseCursor(body.cursor)
    const page = { before: before === '' ? null : before, limit }
    const lines = linesOf({ preset, policy })
    const preview = await previewPolicy(core, permit, lines, page)
    const requests = page.before === null ? await previewRequests(core, permit, lines) : null
    return { status: 200, body: viewPolicyPreview(preview, requests) }
  },
})
