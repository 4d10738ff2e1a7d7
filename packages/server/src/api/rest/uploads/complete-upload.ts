/** `POST /v1/uploads/{id}/complete`: the file is there from this answer on. */
import { authorizePlanned, completePlanned } from '../../../core/uploads/follow-upload.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { UploadSchema, viewUpload } from './upload-view.ts'

export const completeUpload = defineOperation({
  id: 'completeUpload',
  method: 'POST',
  path: '/v1/uploads/{id}/complete',
  tag: 'Uploads',
  summary: 'Complete an upload',
  description:
    'Makes the file of its parts, and answers with it, or with the id under which it waits until it was looked at. What came in one piece is complete by itself: then this says so. Asked again, it answers the same.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: UploadSchema },
  handle: async ({ core, principal, params }) => {
    const { permit, upload } = await authorizePlanned(core, principal, params.id)
    const completed = await completePlanned(core, permit, upload)
    return { status: 200, body: await viewUpload(core, permit, completed) }
  },
})
