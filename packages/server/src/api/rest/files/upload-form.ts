/**
 * Reads the upload form [RFC7578 4]: a field `folder` and one file, in either order. The file streams through while the form
 * is still arriving, and its end is held back until the whole form has been seen: a form that turns out broken, or brings
 * a second file, stores nothing. A file that comes before its folder waits in memory, if it is small.
 */
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { MultipartFault } from '../../../http/multipart-fault.ts'
import { parseBoundary, readMultipart } from '../../../http/multipart.ts'
import type { FormPart } from '../../../http/multipart.ts'
import { RestError } from '../errors.ts'

export interface FormFile {
  readonly folder: string
  readonly name: string
  /** `null` if the form names none. */
  readonly contentType: string | null
  readonly body: AsyncIterable<Uint8Array>
}

type Parts = AsyncGenerator<FormPart, void, undefined>

const LIMITS = { maxParts: 10, maxHeadBytes: 8192 } as const
const MAX_FIELD_BYTES = 4096

/** The largest file that may come before its folder, in bytes. */
const MAX_WAITING_BYTES: number = 1024 * 1024

/**
 * What `store` makes of the file; throws `body-malformed`, `media-type-unsupported`, `field-invalid`, and what `store` throws.
 * When it settles, `store` has, and the stream is closed.
 */
export async function readUploadForm<Stored>(
  contentType: string | undefined,
  stream: AsyncIterable<Uint8Array>,
  store: (file: FormFile) => Promise<Stored>,
): Promise<Stored> {
  const boundary = parseBoundary(contentType)
  if (boundary === null) {
    const message = 'The body must be multipart/form-data with a boundary.'
    throw new RestError('media-type-unsupported', message)
  }
  const parts = readMultipart(stream, boundary, LIMITS)
  try {
    return await storeFrom(parts, store)
  } catch (error) {
    if (!(error instanceof MultipartFault)) throw error
    throw new RestError('body-malformed', error.message, 'body')
  } finally {
    await parts.return()
  }
}

async function storeFrom<Stored>(
  parts: Parts,
  store: (file: FormFile) => Promise<Stored>,
): Promise<Stored> {
  let folder: string | null = null
  let early: FormFile | null = null
  for (let part = await take(parts); part !== null; part = await take(parts)) {
    if (part.name === 'folder') {
      if (folder !== null) throw fieldInvalid('folder', 'it is there twice')
      folder = await readText(part)
    } else {
      const file = requireFile(part, early !== null)
      if (folder !== null) return store({ ...file, folder, body: holdEnd(part.body, parts) })
      const chunks = await collect(part.body)
      early = { ...file, folder: '', body: replay(chunks) }
    }
  }
  if (early === null) throw fieldInvalid('file', 'the form has no file')
  if (folder === null) throw fieldInvalid('folder', 'it is missing')
  return store({ ...early, folder })
}

async function take(parts: Parts): Promise<FormPart | null> {
  const next = await parts.next()
  return next.done === true ? null : next.value
}

/** The file's bytes, and then the rest of the form, in which nothing more may come. */
async function* holdEnd(
  body: AsyncIterable<Uint8Array>,
  parts: Parts,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* body
  const another = await take(parts)
  if (another === null) return
  if (another.name === 'folder') throw fieldInvalid('folder', 'it is there twice')
  requireFile(another, true)
}

/** Reads a small file at once, so that what comes after it in the form can be seen. */
async function collect(bytes: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > MAX_WAITING_BYTES) {
      const reason = `it must come before a file of more than ${MAX_WAITING_BYTES} bytes`
      throw fieldInvalid('folder', reason)
    }
    chunks.push(chunk)
  }
  return chunks
}

async function* replay(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

async function readText({ name, body }: FormPart): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > MAX_FIELD_BYTES) throw fieldInvalid(name, 'it is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function requireFile(
  { name, filename, contentType }: FormPart,
  hasFile: boolean,
): Pick<FormFile, 'name' | 'contentType'> {
  if (name !== 'file') throw fieldInvalid(name, 'the form takes the fields folder and file only')
  if (hasFile) throw fieldInvalid('file', 'one upload has one file')
  if (filename === null || filename === '') throw fieldInvalid('file', 'it has no file name')
  return { name: filename, contentType }
}

function fieldInvalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
