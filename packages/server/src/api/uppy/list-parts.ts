/** `GET s3/multipart/ID`: the parts that have come. */
import { MAX_PARTS } from '../../platform/s3-limits.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitUpload } from './admit.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function listParts(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { slot } = await admitUpload(context, call)
  const parts = await context.core.files.uploads.listParts(slot.id, 0, MAX_PARTS)
  return jsonAnswer(
    parts.map(({ number, etag, size }) => ({ PartNumber: number, ETag: `"${etag}"`, Size: size })),
  )
}
