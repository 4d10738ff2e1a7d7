/**
 * Copies a file, or what lies in a folder, from a server.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CliError } from '../../io.ts'
import type { CliIo } from '../../io.ts'
import type { Connection } from '../connection.ts'
import { createProgress } from '../progress.ts'
import { downloadFile } from './download-file.ts'
import { hashFile } from './hash-file.ts'
import { findFile, listFolder } from './remote-files.ts'
import type { RemoteFile } from './remote-files.ts'
import { asFolder, isFolderPath, localNames, showRemote } from './remote-path.ts'
import { reportCopy } from './report-copy.ts'
import type { CopyOptions } from './report-copy.ts'

export interface CopyDown extends CopyOptions {
  /** A path on the server. */
  readonly source: string
  /** A path of this machine. */
  readonly target: string
}

export async function copyDown(io: CliIo, connection: Connection, wish: CopyDown): Promise<void> {
  if (wish.source === '') throw new CliError('SOURCE needs a bucket at least: hp:acme.')
  if (wish.contentType !== undefined) throw new CliError('--content-type is for files that go up.')
  if (wish.recursive === true) await copyAll(io, connection, wish)
  else await copyOne(io, connection, wish)
}

async function copyOne(io: CliIo, connection: Connection, wish: CopyDown): Promise<void> {
  const { source } = wish
  if (isFolderPath(source)) {
    throw new CliError(`${source} is a folder: -r copies all that lies in it.`)
  }
  const file = await findFile(connection, source)
  if (file === null) throw new CliError(`there is no file at ${source}.`)
  const path = resolve(io.cwd, wish.target)
  const isInto = wish.target.endsWith('/') || (await isFolder(path))
  const names = isInto ? localNames(basename(source)) : []
  await copyUnlessThere(io, connection, { wish, file, target: join(path, ...names) })
}

async function copyAll(io: CliIo, connection: Connection, wish: CopyDown): Promise<void> {
  const folder = asFolder(wish.source)
  const path = resolve(io.cwd, wish.target)
  for await (const entry of listFolder(connection, folder, { recursive: true })) {
    // A name that ends in a slash is how S3 clients write down an empty folder.
    if (entry.kind === 'folder' || entry.file.path.endsWith('/')) continue
    const names = localNames(entry.file.path.slice(folder.length))
    await copyUnlessThere(io, connection, { wish, file: entry.file, target: join(path, ...names) })
  }
}

interface Copy {
  readonly wish: CopyDown
  readonly file: RemoteFile
  /** Absolute. */
  readonly target: string
}

async function copyUnlessThere(io: CliIo, connection: Connection, copy: Copy): Promise<void> {
  const { wish, file, target } = copy
  const { path, size, sha256 } = file
  const line = { from: showRemote(path), to: target, size, sha256 }
  if (await isThere(copy)) {
    await reportCopy(io, wish, { ...line, skipped: true })
    return
  }
  const progress = createProgress(io, { label: basename(path), total: size })
  await downloadFile(connection, file, { target, onBytes: progress.add }).finally(progress.end)
  await reportCopy(io, wish, line)
}

/** With the same content, or with any where nothing shall be replaced. */
async function isThere({ wish, file, target }: Copy): Promise<boolean> {
  const found = await stat(target).catch(() => null)
  if (found === null) return false
  if (found.isDirectory()) throw new CliError(`${target} is a folder, and cannot become a file.`)
  if (!wish.overwrite) return true
  return (
    file.sha256 !== null && found.size === file.size && (await hashFile(target)) === file.sha256
  )
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found?.isDirectory() === true
}
