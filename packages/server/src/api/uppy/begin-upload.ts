/** `POST s3/multipart`: begins an upload in parts. */
import { openUpload } from '../../core/uploads/open-upload.ts'
import { requireNoDigest } from '../../core/uploads/resumable/begin-resumable.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitFile } from './admit.ts'
import { invalid, readJson, textOf } from './read-json.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function beginUpload(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const body = await readJson(call.page)
  const filename = textOf(body, 'filename') ?? ''
  if (filename === '') throw invalid('filename', 'it must be there')
  const contentType = textOf(body, 'type') || 'application/octet-stream'
  const permit = await admitFile(context, call, { filename, contentType })
  requireNoDigest(permit)
  const { id, bucket, key } = await openUpload(context.core, permit, {
    contentType,
    headers: {},
    metadata: {},
    tags: {},
    checksum: null,
  })
  return jsonAnswer({ key, uploadId: id, bucket })
}
