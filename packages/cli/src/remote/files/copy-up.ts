/**
 * Copies a file, or what lies in a folder, to a server.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { CliError } from '../../io.ts'
import type { CliIo } from '../../io.ts'
import { printable } from '../../output.ts'
import { unreadable } from '../../read-input.ts'
import { ServerRefusal } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { createProgress } from '../progress.ts'
import { reportCopy } from './report-copy.ts'
import type { CopyOptions } from './report-copy.ts'
import { listFolder } from './remote-files.ts'
import type { RemoteFile } from './remote-files.ts'
import { asFolder, isFolderPath, showRemote } from './remote-path.ts'
import { NOTHING_KEPT, fingerprint, lookAtFile } from './local-file.ts'
import { uploadFile } from './upload-file.ts'
import type { LocalFile } from './local-file.ts'
import { walkFolder } from './walk-folder.ts'

export interface CopyUp extends CopyOptions {
  /** A path of this machine. */
  readonly source: string
  /** A path on the server. */
  readonly target: string
}

export async function copyUp(io: CliIo, connection: Connection, wish: CopyUp): Promise<void> {
  if (wish.target === '') throw new CliError('TARGET needs a bucket at least: hp:acme.')
  const path = resolve(io.cwd, wish.source)
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(wish.source, error)
  })
  if (!found.isDirectory()) await copyOne(io, connection, { ...wish, path })
  else if (wish.recursive === true) await copyAll(io, connection, { ...wish, path })
  else throw new CliError(`${wish.source} is a folder: -r copies all that lies in it.`)
}

type Located = CopyUp & { readonly path: string }

async function copyOne(io: CliIo, connection: Connection, wish: Located): Promise<void> {
  const { source, target, path, contentType = null, overwrite } = wish
  const file = await lookAtFile(path, source)
  const sha256 = await fingerprint(file)
  const place = isFolderPath(target) ? `${asFolder(target)}${basename(path)}` : target
  const progress = createProgress(io, { label: basename(path), total: file.size })
  const options = {
    target: place,
    contentType,
    overwrite,
    sha256,
    keeps: NOTHING_KEPT,
    onBytes: progress.add,
  }
  const stored = await uploadFile(io, connection, { file, ...options }).finally(progress.end)
  const { path: to, heldId } = stored
  await reportCopy(io, wish, { from: source, to: showRemote(to), size: file.size, sha256, heldId })
}

async function copyAll(io: CliIo, connection: Connection, wish: Located): Promise<void> {
  if (wish.contentType !== undefined)
    throw new CliError('--content-type is for one file, not for -r.')
  const { files, skipped } = await walkFolder(wish.path)
  for (const name of skipped) {
    io.stderr.write(`left out, being neither file nor folder: ${printable(name)}\n`)
  }
  const target = asFolder(wish.target)
  const there = await filesBelow(connection, target)
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const progress = createProgress(io, { label: wish.source, total })
  try {
    for (const { path, below, size } of files) {
      const file = { path, shown: path, size }
      const place = `${target}${below}`
      await copyUnlessThere(io, connection, {
        wish,
        file,
        place,
        known: there.get(place),
        onBytes: progress.add,
      })
    }
  } finally {
    progress.end()
  }
}

interface Copy {
  readonly wish: Located
  readonly file: LocalFile
  readonly place: string
  readonly known: RemoteFile | undefined
  readonly onBytes: (bytes: number) => void
}

async function copyUnlessThere(io: CliIo, connection: Connection, copy: Copy): Promise<void> {
  const { wish, file, place, known, onBytes } = copy
  const sha256 = await fingerprint(file)
  const line = { from: file.shown, to: showRemote(place), size: file.size, sha256 }
  if (known?.sha256 === sha256 || (known !== undefined && !wish.overwrite)) {
    onBytes(file.size)
    await reportCopy(io, wish, { ...line, skipped: true })
    return
  }
  const { overwrite } = wish
  const keeps = NOTHING_KEPT
  const how = { target: place, contentType: null, overwrite, sha256, keeps, onBytes }
  const { heldId } = await uploadFile(io, connection, { file, ...how })
  await reportCopy(io, wish, { ...line, heldId })
}

/** By their path. None in a bucket that is not there yet, and none for a key that may not list: then all are sent. */
async function filesBelow(
  connection: Connection,
  folder: string,
): Promise<ReadonlyMap<string, RemoteFile>> {
  const files = new Map<string, RemoteFile>()
  try {
    for await (const entry of listFolder(connection, folder, { recursive: true })) {
      if (entry.kind === 'file') files.set(entry.file.path, entry.file)
    }
  } catch (error) {
    const isNothing =
      error instanceof ServerRefusal && /^(?:bucket-not-found|forbidden)$/.test(error.code)
    if (!isNothing) throw error
  }
  return files
}
