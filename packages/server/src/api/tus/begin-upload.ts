/** `POST`: begins an upload, alone or with its first bytes, or puts one together of partial ones [TUS-1 creation, concatenation]. */
import type { Permit } from '../../core/policy/permit.ts'
import { beginResumable } from '../../core/uploads/resumable/begin-resumable.ts'
import type { ResumableUpload } from '../../core/uploads/resumable/find-resumable.ts'
import { joinResumable } from '../../core/uploads/resumable/join-resumable.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitBeginning } from './admit.ts'
import { progressOf, resultOf } from './answers.ts'
import { BYTES_TYPE, takeBytes } from './append-to-upload.ts'
import { finish } from './finish.ts'
import { readAnnounced } from './metadata.ts'
import type { Announced } from './metadata.ts'
import { invalid, readConcat, readContentLength, readHeader, readLength } from './read-headers.ts'
import { idOfUrl } from './target.ts'
import type { TusCall, TusContext } from './tus-context.ts'
import { TusRefusal } from './tus-refusal.ts'

export async function beginUpload(context: TusContext, call: TusCall): Promise<PageAnswer> {
  const { rawHeaders } = call.page.request
  const concat = readConcat(rawHeaders)
  const announced = readAnnounced(readHeader(rawHeaders, 'Upload-Metadata') ?? '')
  const length = concat?.kind === 'final' ? requireNoLength(call) : readLength(rawHeaders)
  const hasBytes = requireBytes(call)
  const overwrite = readOverwrite(call)
  const isPartial = concat?.kind === 'partial'
  const permit = await admitBeginning(context, call, announced, isPartial)
  if (concat?.kind === 'final') {
    const of = concat.urls.map(idOfUrl)
    const { contentType, text } = announced
    const wish = { contentType, announced: text, overwrite, of }
    return answer(context, call, permit, await joinResumable(context.core, permit, wish))
  }
  const begun = await begin(context, permit, { announced, length, isPartial, overwrite })
  const upload = hasBytes
    ? await takeBytes(context, call, permit, { upload: begun, offset: 0 })
    : begun
  return answer(context, call, permit, upload)
}

interface Beginning {
  readonly announced: Announced
  readonly length: number | null
  readonly isPartial: boolean
  readonly overwrite: boolean
}

function begin(
  { core }: TusContext,
  permit: Permit<'write'>,
  { announced: { contentType, text }, ...wish }: Beginning,
): Promise<ResumableUpload> {
  return beginResumable(core, permit, { ...wish, contentType, announced: text })
}

// oxlint-disable-next-line max-params -- who asked, by what right, and what came of it
async function answer(
  context: TusContext,
  call: TusCall,
  permit: Permit<'write'>,
  upload: ResumableUpload,
): Promise<PageAnswer> {
  const finished = await finish(context, call, permit, upload)
  const headers = {
    location: `${call.target.base}/${upload.id}`,
    ...progressOf(finished.upload),
    ...resultOf(finished),
  }
  return { status: 201, headers, body: '' }
}

/** True if bytes come along [TUS-1 creation-with-upload]. */
function requireBytes({ page }: TusCall): boolean {
  const { rawHeaders } = page.request
  const type = readHeader(rawHeaders, 'Content-Type')
  const bytes = readContentLength(rawHeaders)
  if (type === BYTES_TYPE) return bytes !== 0
  if (bytes === 0) return false
  throw new TusRefusal('media-type-unsupported')
}

/** How long it is follows from its parts. */
function requireNoLength({ page }: TusCall): null {
  for (const name of ['Upload-Length', 'Upload-Defer-Length']) {
    if (readHeader(page.request.rawHeaders, name) !== null) {
      throw invalid(name, 'what is put together is as long as its parts')
    }
  }
  return null
}

function readOverwrite({ target }: TusCall): boolean {
  const value = target.query.get('overwrite')
  if (value === null || value === 'false') return false
  if (value === 'true') return true
  throw invalid('overwrite', 'it must be true or false')
}
