/**
 * Reads files and standard input for commands.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { CliError, EXIT } from './io.ts'
import type { CliIo } from './io.ts'

/** Documents that are read as a whole: requests, keys, policies. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

/** A file by its path, or standard input, once, for `-`. Fails at once if the file cannot be opened. */
export async function openInput(io: CliIo, path: string): Promise<Readable> {
  if (path === '-') return claimStandardInput(io)
  if (path === '') throw new CliError('the name of a file is empty.')
  const absolute = resolve(io.cwd, path)
  const found = await stat(absolute).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (found.isDirectory()) {
    throw new CliError(`${path} is a folder; a file is needed.`, EXIT.failure)
  }
  return createReadStream(absolute)
}

/** Whoever asked second would wait for ever. */
function claimStandardInput({ stdin }: CliIo): Readable {
  if (claimed.has(stdin)) {
    throw new CliError("standard input ('-') can be read only once; name a file for the other.")
  }
  claimed.add(stdin)
  return stdin
}

const claimed = new WeakSet<Readable>()

/** A path from a variable, where `-` is a file of that name like any other. */
export function pathOfVariable(path: string): string {
  return path === '-' ? './-' : path
}

/** The whole of a file, or of standard input for `-`, as UTF-8. */
export async function readDocument(io: CliIo, path: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of await openInput(io, path)) {
      const bytes = Buffer.from(chunk as Uint8Array | string)
      size += bytes.length
      if (size > MAX_DOCUMENT_BYTES) {
        throw new CliError(`${path} is larger than ${MAX_DOCUMENT_BYTES} bytes.`)
      }
      chunks.push(bytes)
    }
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(path, error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The same, parsed as JSON. The message never quotes the document: it can hold keys. */
export async function readJsonDocument(io: CliIo, path: string): Promise<unknown> {
  const text = await readDocument(io, path)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CliError(`${path === '-' ? 'standard input' : path} is not JSON.`)
  }
}

export function unreadable(path: string, error: unknown): CliError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  const reason = REASONS[code] ?? code
  return new CliError(`cannot read ${path}: ${reason}.`, EXIT.failure, error)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'what stands before a slash in it is no folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'it is a link that leads to itself',
}
