/** `DELETE /v1/uploads/{id}`. */
import { authorize } from '../../../core/policy/authorize.ts'
import { abortPlanned, authorizePlanned } from '../../../core/uploads/follow-upload.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const abortUpload = defineOperation({
  id: 'abortUpload',
  method: 'DELETE',
  path: '/v1/uploads/{id}',
  tag: 'Uploads',
  summary: 'Give an upload up',
  description:
    'Its URLs end and its parts go. Doing it twice is fine, and so is doing it too late: a finished upload keeps its file.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const { permit: write, upload } = await authorizePlanned(core, principal, params.id)
    const share = await authorize(core, principal, 'share', write.path)
    await abortPlanned(core, { share, write }, upload)
    return { status: 204 }
  },
})
