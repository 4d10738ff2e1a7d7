/**
 * Walks the files an audit reads: no links are followed, and what machines made or no text is in is left out.
 *
 * @module
 */
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { unreadable } from './read-input.ts'

export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Some lines of a text that may be too long to be read at once. */
export interface TextPiece extends TextFile {
  /** Its first line's number in the whole. */
  readonly firstLine: number
}

export interface WalkOptions {
  readonly maxBytes: number
  /** Called for what is left out although it was named or lies in a folder that was. */
  readonly onSkip: (path: string, reason: string) => void
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  '__pycache__',
  '.tox',
])
/** Made by compilers, and full of hashes. */
const SKIPPED_FILES = /\.tsbuildinfo$/
const SNIFFED_BYTES = 8192

/** The text files under a path, in the order of their names. The path itself must exist. */
export async function* walkTextFiles(
  path: string,
  shown: string,
  options: WalkOptions,
): AsyncGenerator<TextFile> {
  const found = await lstat(path).catch((error: unknown) => {
    throw unreadable(shown, error)
  })
  if (found.isDirectory()) {
    yield* walkFolder(path, shown, options)
    return
  }
  const text = found.isFile() ? await readText(path, shown, options) : null
  if (text !== null) yield { path: shown, text }
}

async function* walkFolder(
  path: string,
  shown: string,
  options: WalkOptions,
): AsyncGenerator<TextFile> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null)
  if (entries === null) {
    options.onSkip(shown, 'cannot be read')
    return
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = join(path, entry.name)
    const name = shown === '.' ? entry.name : join(shown, entry.name)
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) yield* walkFolder(inside, name, options)
    } else if (entry.isFile() && !SKIPPED_FILES.test(entry.name)) {
      const text = await readText(inside, name, options)
      if (text !== null) yield { path: name, text }
    }
  }
}

async function readText(path: string, shown: string, options: WalkOptions): Promise<string | null> {
  const handle = await open(path, 'r').catch(() => null)
  if (handle === null) {
    options.onSkip(shown, 'cannot be read')
    return null
  }
  try {
    const { size } = await handle.stat()
    const sniffed = Buffer.alloc(Math.min(size, SNIFFED_BYTES))
    await handle.read(sniffed, 0, sniffed.length, 0)
    // A zero byte is in every binary format and in no text; of UTF-16 the audit could read nothing anyway.
    if (sniffed.includes(0)) return null
    if (size > options.maxBytes) {
      options.onSkip(shown, `is larger than ${options.maxBytes} bytes`)
      return null
    }
    return await handle.readFile('utf8')
  } catch {
    options.onSkip(shown, 'cannot be read')
    return null
  } finally {
    await handle.close()
  }
}

const PIECE_CHARACTERS = 4_000_000

/** A stream of any length, in pieces of whole lines; only a single line longer than a piece is cut. */
export async function* readPieces(stream: Readable, path: string): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder()
  let text = ''
  let firstLine = 1
  for await (const chunk of stream) {
    text += decoder.decode(Buffer.from(chunk as Uint8Array | string), { stream: true })
    if (text.length < PIECE_CHARACTERS) continue
    const end = text.lastIndexOf('\n') + 1
    const piece = end === 0 ? text : text.slice(0, end)
    yield { path, text: piece, firstLine }
    firstLine += piece.split('\n').length - 1
    text = text.slice(piece.length)
  }
  text += decoder.decode()
  if (text !== '') yield { path, text, firstLine }
}
