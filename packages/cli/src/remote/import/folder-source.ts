/**
 * The files below a folder of this machine, under the very bytes of their names.
 *
 * @module
 */
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { constants } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { unreadable } from '../../read-input.ts'
import { hashOpened } from '../files/hash-file.ts'
import { FileFault, NOTHING_KEPT } from '../files/local-file.ts'
import type { ImportSource, SourceEntry, SourceFile } from './import-source.ts'

/** @param folder absolute */
export function folderSource(folder: string, shown: string): ImportSource {
  return {
    name: shown,
    entries: () => visitAll(folder),
    close: () => Promise.resolve(),
  }
}

/** From where the folder really lies: below it nothing leads elsewhere. */
async function* visitAll(folder: string): AsyncGenerator<SourceEntry> {
  yield* visit(await realpath(folder).catch(() => folder), '')
}

/** Folders stand where their names with a slash at the end do, as in a list of all keys below them. */
async function* visit(path: string, below: string): AsyncGenerator<SourceEntry> {
  const entries = await readEntries(path)
  if (entries instanceof Error) {
    yield leftOut(below === '' ? '.' : below, entries.message, true)
    return
  }
  for (const { bytes, entry } of entries) {
    const name = decodeName(bytes)
    const inner = `${below}${name ?? bytes.toString('latin1')}`
    if (name === null) yield leftOut(inner, 'its name is no UTF-8', true)
    else if (entry.isDirectory()) yield* visit(join(path, name), `${inner}/`)
    else if (entry.isFile()) yield await fileEntry(join(path, name), inner)
    else yield leftOut(inner, kindOf(entry), false)
  }
}

interface NamedEntry {
  readonly bytes: Buffer
  readonly entry: Dirent<Buffer>
}

async function readEntries(path: string): Promise<readonly NamedEntry[] | Error> {
  try {
    const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' })
    const keyed = entries.map((entry) => {
      const bytes = Buffer.from(entry.name)
      const key = entry.isDirectory() ? Buffer.concat([bytes, SLASH]) : bytes
      return { bytes, entry, key }
    })
    return keyed.toSorted((a, b) => Buffer.compare(a.key, b.key))
  } catch (error) {
    return unreadable(path, error)
  }
}

const SLASH = Buffer.from('/')
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `null` of bytes that are no UTF-8, which no key can have. */
function decodeName(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

async function fileEntry(path: string, below: string): Promise<SourceEntry> {
  try {
    const { size } = await stat(path)
    return { kind: 'file', file: toFile(path, below, size) }
  } catch (error) {
    return leftOut(below, unreadable(path, error).message, true)
  }
}

function toFile(path: string, below: string, size: number): SourceFile {
  let hashed: Promise<string> | null = null
  const hash = (): Promise<string> => {
    hashed ??= hashItself(path).catch((error: unknown) => {
      if (error instanceof FileFault) throw error
      const { message, exitCode } = unreadable(path, error)
      throw new FileFault(message, exitCode, error)
    })
    return hashed
  }
  return {
    below,
    size,
    isSame: async ({ sha256 }) => sha256 !== null && sha256 === (await hash()),
    withFile: async (use) =>
      use({
        file: { path, shown: path, size },
        sha256: await hash(),
        contentType: null,
        keeps: NOTHING_KEPT,
      }),
  }
}

/**
 * Whoever may write in the folder may put a link in the place of what was listed, or of a folder above it. Only bytes with this hash are sent, so
 * that it is enough to see here which file they are of.
 */
async function hashItself(path: string): Promise<string> {
  const file = await open(path, READ)
  try {
    const [opened, standing] = [await file.stat(), await lstat(path)]
    const isIt = opened.isFile() && opened.ino === standing.ino && opened.dev === standing.dev
    if (!isIt || (await realpath(path)) !== path) {
      throw new FileFault(`${path} was replaced by something else while it was read. Try again.`)
    }
    return await hashOpened(file)
  } finally {
    await file.close()
  }
}

const READ: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

function kindOf(entry: Dirent<Buffer>): string {
  if (entry.isSymbolicLink()) return 'a link, which could lead anywhere'
  if (entry.isSocket()) return 'a socket'
  if (entry.isFIFO()) return 'a pipe'
  return 'a device'
}

function leftOut(below: string, reason: string, isFault: boolean): SourceEntry {
  return { kind: 'left-out', leftOut: { below, reason, isFault } }
}
