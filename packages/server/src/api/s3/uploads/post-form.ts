/**
 * Reads the form of a web page [S3-POST-FORMS] up to its file: bounded, and proven before the first byte of the file is asked for. The
 * file then arrives through whoever stores it; what stands behind it does not count.
 */
import { SigningError } from '@hallpass/signing/errors'
import { checkContentLength } from '@hallpass/signing/s3'
import type { ContentLengthRange } from '@hallpass/signing/s3'
import { isLink } from '../../../core/identity.ts'
import { parseObjectKey } from '../../../core/paths.ts'
import { MultipartFault } from '../../../http/multipart-fault.ts'
import { parseBoundary, readMultipart } from '../../../http/multipart.ts'
import type { FormPart } from '../../../http/multipart.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { readBody } from '../../../http/read-body.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { PostForm, S3Answer, S3Face, S3Request } from '../face.ts'

/** Of all that comes before the file, as S3 has it. */
const MAX_FIELDS_BYTES = 20 * 1024
const LIMITS = { maxParts: 1000, maxHeadBytes: 4096 } as const

type Parts = AsyncGenerator<FormPart, void, undefined>
type Field = readonly [name: string, value: string]
type FormRequest = S3Request & { readonly form: PostForm }

/**
 * What `serve` answers to the request as its form has it: caller, key, fields and file. Throws what is wrong with the form, and
 * `SigningError` for its policy. When it settles, nothing reads the form any more.
 */
export async function withPostForm(
  face: S3Face,
  request: S3Request,
  serve: (form: FormRequest) => Promise<S3Answer>,
): Promise<S3Answer> {
  const boundary = parseBoundary(findHeader(request.raw.headers, 'content-type') ?? undefined)
  if (boundary === null) throw s3Refusal('form-expected', {})
  requireNoOtherCredentials(request)
  const parts = readMultipart(
    readBody(request.source, face.deadlines, face.limits),
    boundary,
    LIMITS,
  )
  try {
    return await serve(await openForm(face, request, parts))
  } catch (error) {
    if (!(error instanceof MultipartFault)) throw error
    throw s3Refusal('form-malformed', { reason: error.message }, error)
  } finally {
    await parts.return()
  }
}

/** A form proves itself: with another signature around it there would be two who ask. */
function requireNoOtherCredentials({ caller }: S3Request): void {
  if (!isLink(caller) && caller.kind === 'anonymous') return
  throw new SigningError('credentials-ambiguous', 'a form carries its own signature', {
    found: ['form', isLink(caller) ? 'query' : 'header'],
  })
}

async function openForm(face: S3Face, request: S3Request, parts: Parts): Promise<FormRequest> {
  const { fields, file } = await readFields(parts)
  const { bucket } = request.path
  const { clientIp, headers } = request.raw
  const filename = file.filename ?? ''
  const identity = await face.authenticateForm({ fields, filename, bucket, clientIp, headers })
  const body = holdEnd(file.body, parts)
  if (identity === null) {
    // Nobody may write anywhere: what the form says will not be looked at.
    return { ...request, query: [], form: { fields: new Map(), file: body } }
  }
  const { caller, verified } = identity
  return {
    ...request,
    caller,
    path: { bucket, key: parseObjectKey(verified.objectKey) },
    query: [],
    form: { fields: verified.fields, file: keepRange(body, verified.contentLengthRange) },
  }
}

async function readFields(
  parts: Parts,
): Promise<{ readonly fields: readonly Field[]; readonly file: FormPart }> {
  const fields: Field[] = []
  let room = MAX_FIELDS_BYTES
  for (let part = await take(parts); part !== null; part = await take(parts)) {
    if (part.name.toLowerCase() === 'file') return { fields, file: part }
    room -= Buffer.byteLength(part.name)
    const bytes = await readValue(part, room)
    room -= bytes.byteLength
    fields.push([part.name, decodeUtf8(bytes)])
  }
  throw s3Refusal('form-file-missing', {})
}

async function take(parts: Parts): Promise<FormPart | null> {
  const next = await parts.next()
  return next.done === true ? null : next.value
}

async function readValue({ body }: FormPart, room: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > room) throw s3Refusal('form-fields-too-large', { maxBytes: MAX_FIELDS_BYTES })
    chunks.push(chunk)
  }
  if (room < 0) throw s3Refusal('form-fields-too-large', { maxBytes: MAX_FIELDS_BYTES })
  return Buffer.concat(chunks, size)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new MultipartFault('A field has a value that is not UTF-8.')
  }
}

/** The file's bytes. The rest of the form must be one, as far as it is read: what it says does not count. */
async function* holdEnd(
  body: AsyncIterable<Uint8Array>,
  parts: Parts,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* body
  let passed = 0
  for (let part = await take(parts); part !== null; part = await take(parts)) {
    for await (const chunk of part.body) {
      passed += chunk.byteLength
      if (passed > MAX_FIELDS_BYTES) return
    }
  }
}

async function* keepRange(
  body: AsyncIterable<Uint8Array>,
  range: ContentLengthRange | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (range !== null && size > range.maxBytes) checkContentLength(size, range)
    yield chunk
  }
  if (range !== null) checkContentLength(size, range)
}
