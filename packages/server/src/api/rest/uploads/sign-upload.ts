/** `POST /v1/uploads/{id}/sign`: the requests once more, or those of other parts. */
import { authorizePlanned } from '../../../core/uploads/follow-upload.ts'
import { signUpload as sign } from '../../../core/uploads/sign-upload.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { SignRequest, SignedUploadSchema, viewRequest, viewUpload } from './upload-view.ts'

export const signUpload = defineOperation({
  id: 'signUpload',
  method: 'POST',
  path: '/v1/uploads/{id}/sign',
  tag: 'Uploads',
  summary: 'Sign requests of an upload, the first time or again',
  description:
    'As long as the upload lives. A part that is sent again takes the place of the one before.',
  access: 'key',
  bodyKind: 'json',
  takesNoBody: true,
  params: IdParams,
  body: SignRequest,
  answers: { 200: SignedUploadSchema },
  handle: async ({ core, principal, params, body }) => {
    const { permit, upload } = await authorizePlanned(core, principal, params.id)
    const requests = await sign(core, permit, upload, body.parts ?? [])
    return {
      status: 200,
      body: { upload: await viewUpload(core, permit, upload), requests: requests.map(viewRequest) },
    }
  },
})
