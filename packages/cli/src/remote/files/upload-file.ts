/**
 * Uploads one file. What arrives must hash to what was read here, or the server stores nothing.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../../io.ts'
import { unreadable } from '../../read-input.ts'
import { ServerRefusal, readAnswer, unreachable } from '../call-server.ts'
import type { Answer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { hashFile } from './hash-file.ts'
import { readFile } from './remote-files.ts'
import type { RemoteFile } from './remote-files.ts'
import { sendFile } from './send-file.ts'

export interface LocalFile {
  /** Absolute. */
  readonly path: string
  /** As it was typed, for people. */
  readonly shown: string
  readonly size: number
}

export interface UploadOptions {
  readonly target: string
  /** `null`: the ending of the name says it. */
  readonly contentType: string | null
  readonly overwrite: boolean
  readonly sha256: string
  readonly onBytes: (bytes: number) => void
}

const ATTEMPTS = 4
const FIRST_PAUSE_MS = 500

/** @throws {CliError} if it cannot be read, or is no file */
export async function lookAtFile(path: string, shown: string): Promise<LocalFile> {
  try {
    const found = await stat(path)
    if (found.isFile()) return { path, shown, size: found.size }
  } catch (error) {
    throw unreadable(shown, error)
  }
  throw new CliError(`${shown} is no file. 'hallpass cp -r' takes folders.`)
}

/** As {@link hashFile}, for a file that somebody named. */
export async function fingerprint({ path, shown }: LocalFile): Promise<string> {
  try {
    return await hashFile(path)
  } catch (error) {
    throw unreadable(shown, error)
  }
}

/** Tries again what broke off on the way; what the server refuses stays refused. */
export async function uploadFile(
  connection: Connection,
  file: LocalFile,
  options: UploadOptions,
): Promise<RemoteFile> {
  for (let attempt = 1; ; attempt += 1) {
    let sent = 0
    const onBytes = (bytes: number): void => {
      sent += bytes
      options.onBytes(bytes)
    }
    try {
      return await sendOnce(connection, file, { ...options, onBytes })
    } catch (error) {
      options.onBytes(-sent)
      const mayPass = error instanceof CliError && error.exitCode === EXIT.failure
      if (!mayPass || attempt === ATTEMPTS) throw error
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1))
    }
  }
}

async function sendOnce(
  connection: Connection,
  file: LocalFile,
  { target, contentType, overwrite, sha256, onBytes }: UploadOptions,
): Promise<RemoteFile> {
  const { origin, apiKey } = connection
  const url = `${origin}/v1/files?${new URLSearchParams({ path: target }).toString()}`
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'x-amz-content-sha256': sha256,
    ...(contentType !== null && { 'content-type': contentType }),
    ...(!overwrite && { 'if-none-match': '*' }),
  }
  const { path, size } = file
  const body = { url, method: 'PUT', headers, file: path, start: 0, size, onBytes } as const
  const answer: Answer = await sendFile(body).catch((error: unknown) => {
    throw unreachable(origin, error)
  })
  try {
    return readAnswer(connection, { names: NAMES }, { ...answer, read: readFile })
  } catch (error) {
    throw explainRefusal(error, file, target)
  }
}

const NAMES = { path: 'the target' }

function explainRefusal(error: unknown, file: LocalFile, target: string): unknown {
  if (!(error instanceof ServerRefusal)) return error
  if (error.code === 'digest-mismatch') {
    return new CliError(`${file.shown} changed while it was read. Try again.`, EXIT.failure, error)
  }
  return error.code === 'precondition-failed'
    ? new CliError(`there is a file at ${target} already; nothing was replaced.`)
    : error
}
