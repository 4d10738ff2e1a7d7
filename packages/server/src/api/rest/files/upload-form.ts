/**
 * Reads the upload form [RFC7578 4]: a field `folder` and one file, in either order. The file streams through while the form
 * is still arriving, and its end is held back until the whole form has been seen: a form that turns out broken, or brings
 * a second file, stores nothing. A file that comes before its folder waits in memory, if it is small.
 */
import busboy from 'busboy'
import type { Busboy } from 'busboy'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { RestError } from '../errors.ts'

export interface FormFile {
  readonly folder: string
  readonly name: string
  readonly contentType: string
  readonly body: AsyncIterable<Uint8Array>
}

const LIMITS = { fieldNameSize: 100, fieldSize: 4096, fields: 8, files: 2, parts: 10 } as const

/** The largest file that may come before its folder, in bytes. */
export const MAX_WAITING_BYTES: number = 1024 * 1024

/** What `store` makes of the file; throws `body-malformed`, `media-type-unsupported`, `field-invalid`. */
export async function readUploadForm<Stored>(
  contentType: string | undefined,
  stream: AsyncIterable<Uint8Array>,
  store: (file: FormFile) => Promise<Stored>,
): Promise<Stored> {
  const form = openForm(contentType)
  const ended = Promise.withResolvers<void>()
  const stored = Promise.withResolvers<Stored>()
  // Each is awaited below, but an early failure of one must not count as unhandled while the other is waited for.
  ended.promise.catch(() => undefined)
  stored.promise.catch(() => undefined)
  let folder: string | null = null
  let file: Omit<FormFile, 'folder'> | null = null

  function fail(error: Error): void {
    ended.reject(error)
    stored.reject(error)
    form.destroy()
  }
  function storeWhenComplete(): void {
    if (folder !== null && file !== null) store({ folder, ...file }).then(stored.resolve, fail)
  }
  form.on('close', () => ended.resolve())
  form.on('error', () => fail(malformed('The form is broken or ends too early.')))
  form.on('partsLimit', () => fail(malformed(`The form has more than ${LIMITS.parts} parts.`)))
  form.on('field', (name, value, { valueTruncated }) => {
    if (name !== 'folder') return fail(unknownField(name))
    if (folder !== null) return fail(fieldInvalid('folder', 'it is there twice'))
    if (valueTruncated) return fail(fieldInvalid('folder', 'it is too long'))
    folder = value
    storeWhenComplete()
  })
  form.on('file', (name, bytes, { filename, mimeType }) => {
    bytes.on('error', () => undefined)
    const fault = findFileFault(name, filename, file !== null)
    if (fault !== null) return fail(fault)
    const body = folder === null ? replay(collect(bytes, fail)) : bytes
    file = {
      name: filename ?? '',
      contentType: mimeType,
      body: holdEnd(body, ended.promise),
    }
    storeWhenComplete()
  })

  await feed(form, stream, ended.promise)
  if (file === null) throw fieldInvalid('file', 'the form has no file')
  if (folder === null) throw fieldInvalid('folder', 'it is missing')
  return stored.promise
}

/** Reads a small file at once, so that what comes after it in the form can be seen. */
async function collect(
  bytes: AsyncIterable<Uint8Array>,
  fail: (error: Error) => void,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of bytes) {
      size += chunk.length
      if (size > MAX_WAITING_BYTES) {
        const reason = `it must come before a file of more than ${MAX_WAITING_BYTES} bytes`
        throw fieldInvalid('folder', reason)
      }
      chunks.push(chunk)
    }
  } catch (error) {
    fail(error as Error)
  }
  return chunks
}

async function* replay(chunks: Promise<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
  yield* await chunks
}

function openForm(contentType: string | undefined): Busboy {
  if (contentType === undefined || !/^multipart\/form-data\s*;/i.test(contentType)) {
    const message = 'The body must be multipart/form-data with a boundary.'
    throw new RestError('media-type-unsupported', message)
  }
  try {
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      limits: LIMITS,
    })
  } catch {
    throw malformed('The boundary of the form is missing.')
  }
}

/** Everything of `stream` into the form, at the form's pace; stops when the form has ended or failed. */
async function feed(
  form: Busboy,
  stream: AsyncIterable<Uint8Array>,
  ended: Promise<void>,
): Promise<void> {
  try {
    for await (const chunk of stream) {
      if (form.destroyed) break
      if (form.write(chunk)) continue
      const drained = Promise.withResolvers<void>()
      form.once('drain', drained.resolve)
      await Promise.race([drained.promise, ended])
    }
    if (!form.destroyed) form.end()
  } catch (error) {
    form.destroy()
    throw error
  }
  await ended
}

async function* holdEnd(
  body: AsyncIterable<Uint8Array>,
  ended: Promise<void>,
): AsyncGenerator<Uint8Array> {
  yield* body
  await ended
}

function findFileFault(
  name: string | undefined,
  filename: string | undefined,
  hasFile: boolean,
): Error | null {
  if (name !== 'file') return unknownField(name)
  if (hasFile) return fieldInvalid('file', 'one upload has one file')
  if ((filename ?? '') === '') return fieldInvalid('file', 'it has no file name')
  return null
}

function unknownField(name: string | undefined): Error {
  return fieldInvalid(name ?? '', 'the form takes the fields folder and file only')
}

function fieldInvalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}

function malformed(message: string): RestError {
  return new RestError('body-malformed', message, 'body')
}
