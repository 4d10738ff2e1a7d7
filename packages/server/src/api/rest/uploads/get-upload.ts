/** `GET /v1/uploads/{id}`. */
import { authorizePlanned } from '../../../core/uploads/follow-upload.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { UploadSchema, viewUpload } from './upload-view.ts'

export const getUpload = defineOperation({
  id: 'getUpload',
  method: 'GET',
  path: '/v1/uploads/{id}',
  tag: 'Uploads',
  summary: 'See how far an upload is',
  description:
    'Which parts are there, or the file that it became. Finished ones are known for a day.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: UploadSchema },
  handle: async ({ core, principal, params }) => {
    const { permit, upload } = await authorizePlanned(core, principal, params.id)
    return { status: 200, body: await viewUpload(core, permit, upload) }
  },
})
