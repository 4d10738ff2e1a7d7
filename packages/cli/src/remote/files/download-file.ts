/**
 * Downloads one file. Nobody sees half of it: it grows under another name beside its place, is compared with the hash that the server
 * knows, and then takes its name. What broke off goes on where it ended, also in a later call.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../../io.ts'
import { callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { textOf } from '../read-shape.ts'
import { feedFile } from './hash-file.ts'
import { openUrl } from './open-url.ts'
import { findFile } from './remote-files.ts'
import type { RemoteFile } from './remote-files.ts'

export interface DownloadOptions {
  /** Absolute; what is there is replaced. */
  readonly target: string
  readonly onBytes: (bytes: number) => void
}

/** In a row, without a byte between them. */
const ATTEMPTS = 5
const FIRST_PAUSE_MS = 500

/** @throws {CliError} if it cannot be had whole; what came so far is kept for the next call */
export async function downloadFile(
  connection: Connection,
  file: RemoteFile,
  { target, onBytes }: DownloadOptions,
): Promise<void> {
  const folder = dirname(target)
  const part = join(folder, partName(file, target))
  try {
    await mkdir(folder, { recursive: true })
    const handle = await open(part, PART_FLAGS, 0o600)
    try {
      await fetchInto({ connection, file, part, handle, onBytes })
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, target)
    await syncFolder(folder)
  } catch (error) {
    if (error instanceof CliError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CliError(`cannot write ${target}: ${code}.`, EXIT.failure, error)
  }
}

/** It is not followed where somebody else put a link in its place. */
const PART_FLAGS = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

/** The same for the same content under the same name, so that a later call finds it. */
function partName({ path, etag }: RemoteFile, target: string): string {
  const content = createHash('sha256').update(JSON.stringify([path, etag, basename(target)]))
  return `.hallpass-${content.digest('hex').slice(0, 24)}.part`
}

interface Fetching {
  readonly connection: Connection
  readonly file: RemoteFile
  readonly part: string
  readonly handle: FileHandle
  readonly onBytes: (bytes: number) => void
}

/** What is there already, and its hash so far. */
interface Progressed {
  hash: Hash
  at: number
}

async function fetchInto(fetching: Fetching): Promise<void> {
  const { file, handle, part, onBytes } = fetching
  const state = await resume(fetching)
  onBytes(state.at)
  let fetchUrl = file.fetchUrl
  for (let failed = 0; state.at < file.size;) {
    const before = state.at
    try {
      await fetchRest(fetching, state, fetchUrl ?? (await askForLink(fetching)))
    } catch (error) {
      if (error instanceof CliError && error.exitCode !== EXIT.failure) throw error
      failed = state.at > before ? 1 : failed + 1
      if (failed === ATTEMPTS) throw error
      await sleep(FIRST_PAUSE_MS * 2 ** (failed - 1))
      fetchUrl = await renew(fetching)
    }
  }
  const { sha256 } = file
  if (sha256 === null || state.hash.digest('hex') === sha256) return
  await handle.truncate(0)
  await rm(part, { force: true })
  throw new CliError(
    `what came of ${file.path} is not what the server has: another hash. It was thrown away; try again.`,
    EXIT.failure,
  )
}

async function resume({ file, handle, part }: Fetching): Promise<Progressed> {
  const { size } = await handle.stat()
  const hash = createHash('sha256')
  if (size > file.size) {
    await handle.truncate(0)
    return { hash, at: 0 }
  }
  await feedFile(hash, part)
  return { hash, at: size }
}

async function fetchRest(
  { file, handle, onBytes }: Fetching,
  state: Progressed,
  url: string,
): Promise<void> {
  const response = await request(url, file, state.at)
  if (response.statusCode === 200 && state.at > 0) {
    onBytes(-state.at)
    await handle.truncate(0)
    state.hash = createHash('sha256')
    state.at = 0
  }
  try {
    for await (const chunk of response) await take(chunk as Buffer)
  } catch (error) {
    throw error instanceof CliError ? error : failed('the connection broke off', error)
  }
  if (state.at < file.size) throw failed('the answer ended early')

  async function take(bytes: Buffer): Promise<void> {
    if (state.at + bytes.length > file.size) throw failed('more came than the file has')
    await handle.write(bytes, 0, bytes.length, state.at)
    state.hash.update(bytes)
    state.at += bytes.length
    onBytes(bytes.length)
  }
}

/** No key goes along: what the URL says is all that is needed, and its host may be another one. */
async function request(url: string, file: RemoteFile, at: number): Promise<IncomingMessage> {
  const headers = { 'if-match': `"${file.etag}"`, ...(at > 0 && { range: `bytes=${at}-` }) }
  const response = await openUrl(url, headers).catch((error: unknown) => {
    throw failed('the server of the files cannot be reached', error)
  })
  if (response.statusCode === 200) return response
  if (response.statusCode === 206) {
    if (response.headers['content-range']?.startsWith(`bytes ${at}-`) === true) return response
    throw failed('another part of the file came than was asked for')
  }
  response.destroy()
  if (response.statusCode === 412) throw changed(file)
  throw failed(`the server of the files answered ${response.statusCode}`)
}

/** Where a file comes without a link, its policy wants one that somebody asks for. */
function askForLink({ connection, file }: Fetching): Promise<string> {
  const json = { fileId: file.id, maxUses: 1, reason: 'hallpass cp' }
  return callServer(connection, { method: 'POST', path: '/v1/links', json }, (answer) =>
    textOf(answer, 'url'),
  )
}

async function renew({ connection, file }: Fetching): Promise<string | null> {
  const now = await findFile(connection, file.path)
  if (now === null || now.etag !== file.etag) throw changed(file)
  return now.fetchUrl
}

function changed({ path }: RemoteFile): CliError {
  return new CliError(`${path} changed meanwhile. Try again.`)
}

function failed(reason: string, cause?: unknown): CliError {
  return new CliError(`the download broke off: ${reason}. Try again to go on.`, EXIT.failure, cause)
}

/** The new name survives a power cut. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
