/** `PATCH`: takes bytes at the end of an upload, and makes the file once all are there [TUS-1 core]. */
import type { Permit } from '../../core/policy/permit.ts'
import { appendBytes } from '../../core/uploads/resumable/append-bytes.ts'
import { declareLength } from '../../core/uploads/resumable/declare-length.ts'
import { findResumable } from '../../core/uploads/resumable/find-resumable.ts'
import type { ResumableUpload } from '../../core/uploads/resumable/find-resumable.ts'
import { refusal } from '../../core/errors.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitGoingOn } from './admit.ts'
import { progressOf, resultOf } from './answers.ts'
import { finish } from './finish.ts'
import { invalid, readChecksum, readContentLength, readHeader, readNumber } from './read-headers.ts'
import type { TusCall, TusContext } from './tus-context.ts'
import { TusRefusal } from './tus-refusal.ts'

export const BYTES_TYPE = 'application/offset+octet-stream'

export async function appendToUpload(context: TusContext, call: TusCall): Promise<PageAnswer> {
  const { core } = context
  const { rawHeaders } = call.page.request
  const admitted = await admitGoingOn(context, call)
  if (readHeader(rawHeaders, 'Content-Type') !== BYTES_TYPE) {
    throw new TusRefusal('media-type-unsupported')
  }
  const offset = readNumber(rawHeaders, 'Upload-Offset')
  if (offset === null) throw invalid('Upload-Offset', 'it must be there')
  if (admitted === null) throw refusal('link-used', {})
  const { id, permit } = admitted
  const found = await findResumable(core, permit, id)
  const length = readNumber(rawHeaders, 'Upload-Length')
  const upload = length === null ? found : await declareLength(core, permit, found, length)
  const now = await takeBytes(context, call, permit, { upload, offset })
  const finished = await finish(context, call, permit, now)
  const headers = { ...progressOf(finished.upload), ...resultOf(finished) }
  return { status: 204, headers, body: '' }
}

/** As it is with the bytes of this request. */
// oxlint-disable-next-line max-params -- who sends, by what right, and to what
export async function takeBytes(
  { core, metrics, senders }: TusContext,
  { page }: TusCall,
  permit: Permit<'write'>,
  { upload, offset }: { readonly upload: ResumableUpload; readonly offset: number },
): Promise<ResumableUpload> {
  const { rawHeaders } = page.request
  const contentLength = readContentLength(rawHeaders)
  const appended = { offset, contentLength, expected: readChecksum(rawHeaders) }
  const ended = metrics.beginUpload()
  const { body, over } = senders.follow(upload.id, page.readBody())
  try {
    await appendBytes(core, permit, { upload, appended }, body)
  } finally {
    over()
    ended()
  }
  return findResumable(core, permit, upload.id)
}
