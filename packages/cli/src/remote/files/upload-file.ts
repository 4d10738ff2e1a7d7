/**
 * Uploads one file. What arrives must hash to what was read here, or the server stores nothing.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../../io.ts'
import type { CliIo } from '../../io.ts'
import { ServerRefusal, readAnswer, unreachable } from '../call-server.ts'
import type { Answer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { FileFault } from './local-file.ts'
import type { KeptHeaders, LocalFile, UploadOptions } from './local-file.ts'
import { keptUpload } from './kept-uploads.ts'
import { uploadInParts } from './upload-in-parts.ts'
import { readStored } from './stored.ts'
import type { Stored } from './stored.ts'
import { sendFile } from './send-file.ts'

/** A file of this size is worth going on with: it is sent in parts. */
const LARGE_BYTES = 32 * 1024 ** 2

const ATTEMPTS = 4
const FIRST_PAUSE_MS = 500

/** In one piece, or in parts if it is large and the key may do that, which needs the right to share. */
export async function uploadFile(
  io: Pick<CliIo, 'env' | 'home'>,
  connection: Connection,
  { file, ...options }: UploadOptions & { readonly file: LocalFile },
): Promise<Stored> {
  const { target, sha256, keeps } = options
  // A plan of parts takes type and metadata, and no other headers.
  const isPlain = Object.keys(keeps.headers).length === 0
  if (file.size < LARGE_BYTES || !isPlain) return uploadWhole(connection, file, options)
  const kept = keptUpload(io, { origin: connection.origin, target, sha256 })
  try {
    return await uploadInParts(connection, file, { ...options, kept })
  } catch (error) {
    const mustBeWhole =
      error instanceof ServerRefusal && /^(?:forbidden|policy-refused)$/.test(error.code)
    if (mustBeWhole) return uploadWhole(connection, file, options)
    throw explainRefusal(error, file, target)
  }
}

/** Tries again what broke off on the way; what the server refuses stays refused. */
async function uploadWhole(
  connection: Connection,
  file: LocalFile,
  options: UploadOptions,
): Promise<Stored> {
  for (let attempt = 1; ; attempt += 1) {
    let sent = 0
    const onBytes = (bytes: number): void => {
      sent += bytes
      options.onBytes(bytes)
    }
    try {
      return await sendOnce(connection, file, { ...options, onBytes })
    } catch (error) {
      const mayPass = error instanceof CliError && error.exitCode === EXIT.failure && sent > 0
      if (!mayPass || attempt === ATTEMPTS) throw error
      options.onBytes(-sent)
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1))
    }
  }
}

async function sendOnce(
  connection: Connection,
  file: LocalFile,
  { target, contentType, overwrite, sha256, keeps, onBytes }: UploadOptions,
): Promise<Stored> {
  const { origin, apiKey } = connection
  const url = `${origin}/v1/files?${new URLSearchParams({ path: target }).toString()}`
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'x-amz-content-sha256': sha256,
    ...toHeaders(keeps),
    ...(contentType !== null && { 'content-type': toHeaderText(contentType) }),
    ...(!overwrite && { 'if-none-match': '*' }),
  }
  const { path, size } = file
  const body = { url, method: 'PUT', headers, file: path, start: 0, size, onBytes } as const
  const answer: Answer = await sendFile(body).catch((error: unknown) => {
    throw unreachable(origin, error)
  })
  try {
    return readAnswer(connection, { names: NAMES }, { ...answer, read: readStored })
  } catch (error) {
    throw explainRefusal(error, file, target)
  }
}

function toHeaders({ headers, metadata }: KeptHeaders): Record<string, string> {
  const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])
  return Object.fromEntries(
    [...Object.entries(headers), ...named].map(([name = '', value = '']) => [
      name,
      toHeaderText(value),
    ]),
  )
}

/** Its UTF-8, a byte a character, as headers are written. */
function toHeaderText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

const NAMES = { path: 'the target' }

function explainRefusal(error: unknown, file: LocalFile, target: string): unknown {
  if (!(error instanceof ServerRefusal)) return error
  if (error.code === 'digest-mismatch') {
    return new FileFault(`${file.shown} changed while it was read. Try again.`, EXIT.failure, error)
  }
  return error.code === 'precondition-failed'
    ? new CliError(`there is a file at ${target} already; nothing was replaced.`)
    : error
}
