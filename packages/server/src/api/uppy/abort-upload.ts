/** `DELETE s3/multipart/ID`: gives an upload up, with its parts. */
import { abortUpload as abort } from '../../core/uploads/abort-upload.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitUpload } from './admit.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function abortUpload(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { permit, slot } = await admitUpload(context, call)
  await abort(context.core, permit, { uploadId: slot.id, initiatedAt: null })
  return jsonAnswer({})
}
