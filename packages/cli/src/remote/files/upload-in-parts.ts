/**
 * Uploads a large file in parts, some at a time. What broke off goes on where it was, also in a later call; in the end the ETag of the
 * whole, which follows from the MD5 of each part, must be the one of the file here.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../../io.ts'
import type { Connection } from '../connection.ts'
import type { KeptUpload } from './kept-uploads.ts'
import { completePlanned, createPlanned, findPlanned, signParts } from './planned-upload.ts'
import type { PartRequest, PlannedUpload } from './planned-upload.ts'
import { WHOLE_SHA256 } from './remote-files.ts'
import { sendFile } from './send-file.ts'
import type { Stored } from './stored.ts'
import { FileFault } from './local-file.ts'
import type { LocalFile, UploadOptions } from './local-file.ts'

const AT_ONCE = 3
/** Signed a few at a time: their URLs live minutes. */
const SIGNED_AT_ONCE = 8
const ATTEMPTS = 4
const FIRST_PAUSE_MS = 500

export async function uploadInParts(
  connection: Connection,
  file: LocalFile,
  { kept, ...options }: UploadOptions & { readonly kept: KeptUpload },
): Promise<Stored> {
  const upload = await begin(connection, file, { kept, ...options })
  const sums: Buffer[] = []
  const missing: number[] = []
  for (let number = 1; number <= upload.partCount; number += 1) {
    if (!upload.parts.has(number)) missing.push(number)
    else sums[number - 1] = await sumOfPart(file, upload, number, options.onBytes)
  }
  while (missing.length > 0) {
    const numbers = missing.splice(0, SIGNED_AT_ONCE)
    for (const [number, sum] of await sendParts({ connection, file, upload, options, numbers })) {
      sums[number - 1] = sum
    }
  }
  const { file: stored, path, heldId } = await completePlanned(connection, upload.id)
  await kept.forget()
  if (heldId !== null) return { path, heldId }
  if (stored === null || stored.etag !== etagOf(sums)) {
    throw new FileFault(
      `${file.shown} is not on the server as it is here: it changed while it was read, or on the way. Try again.`,
      EXIT.failure,
    )
  }
  return { path: stored.path, heldId: null }
}

/** The one of an earlier call, if it is still open. */
async function begin(
  connection: Connection,
  { size }: LocalFile,
  {
    kept,
    target,
    contentType,
    overwrite,
    sha256,
    keeps,
  }: UploadOptions & { readonly kept: KeptUpload },
): Promise<PlannedUpload> {
  const known = await kept.find()
  const found = known === null ? null : await findPlanned(connection, known)
  if (found?.status === 'open' && found.size === size && found.path === target) return found
  const metadata = { ...keeps.metadata, [WHOLE_SHA256]: sha256 }
  const type = contentType === null ? {} : { contentType }
  const ask = { path: target, size, overwrite, metadata, ...type }
  const created = await createPlanned(connection, ask)
  await kept.keep(created.id)
  return created
}

interface Batch {
  readonly connection: Connection
  readonly file: LocalFile
  readonly upload: PlannedUpload
  readonly options: UploadOptions
  readonly numbers: readonly number[]
}

/** Resolves to the MD5 of each. */
async function sendParts(batch: Batch): Promise<(readonly [number, Buffer])[]> {
  const { connection, upload, numbers } = batch
  const waiting = await signParts(connection, upload.id, numbers)
  const sums: (readonly [number, Buffer])[] = []
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      sums.push([next.number, await sendPart(batch, next)])
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return sums
}

/** Its MD5. What fails is signed anew and sent again. */
async function sendPart(batch: Batch, first: PartRequest): Promise<Buffer> {
  const { connection, upload } = batch
  let request: PartRequest | undefined = first
  for (let attempt = 1; request !== undefined; attempt += 1) {
    const sum = await trySending(batch, request)
    if (!(sum instanceof CliError)) return sum
    if (attempt === ATTEMPTS) throw sum
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1))
    ;[request] = await signParts(connection, upload.id, [first.number])
  }
  throw new CliError('the server signs no request for a part of the upload.', EXIT.failure)
}

/** The MD5 of what was sent, or why it was not taken. */
async function trySending(
  { file, upload, options }: Batch,
  { number, url, headers, size }: PartRequest,
): Promise<Buffer | CliError> {
  const hash = createHash('md5')
  const start = (number - 1) * upload.partSize
  let sent = 0
  const onBytes = (bytes: number): void => {
    sent += bytes
    options.onBytes(bytes)
  }
  try {
    const body = { method: 'PUT', file: file.path, start, size, hash, onBytes } as const
    const { status } = await sendFile({ url, headers, ...body })
    if (status === 200 && sent === size) return hash.digest()
    options.onBytes(-sent)
    return broken(number, `the server answered ${status}`)
  } catch (error) {
    options.onBytes(-sent)
    return broken(number, error instanceof Error ? error.message : 'no answer', error)
  }
}

function broken(number: number, reason: string, cause?: unknown): CliError {
  const message = `part ${number} of the upload could not be sent: ${reason}. Call it again to go on.`
  return new CliError(message, EXIT.failure, cause)
}

// oxlint-disable-next-line max-params -- a part of an upload of a file, and who is told
async function sumOfPart(
  { path }: LocalFile,
  { partSize, size }: PlannedUpload,
  number: number,
  onBytes: (bytes: number) => void,
): Promise<Buffer> {
  const hash = createHash('md5')
  const start = (number - 1) * partSize
  const end = Math.min(start + partSize, size) - 1
  await pipeline(createReadStream(path, { start, end }), async (chunks) => {
    for await (const chunk of chunks) hash.update(chunk as Buffer)
  })
  onBytes(end - start + 1)
  return hash.digest()
}

/** As S3 has it of a file that came in parts. */
function etagOf(sums: readonly Buffer[]): string {
  return `${createHash('md5').update(Buffer.concat(sums)).digest('hex')}-${sums.length}`
}
