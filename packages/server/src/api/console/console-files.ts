/** The files of the console as they are on disk, read once. */
import { hash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import mime from 'mime'

export interface ConsoleFile {
  readonly contentType: string
  readonly bytes: Buffer
  readonly gzip: () => Buffer
  /** With quotes. */
  readonly etag: string
  /** Its name says what is in it, so that it never changes. */
  readonly isForever: boolean
}

export interface ConsoleFiles {
  readonly start: ConsoleFile
  /** By a path such as `assets/index-B1kx.js`. */
  find(path: string): ConsoleFile | null
}

/** `null` if nothing was built there. */
export function readConsoleFiles(folder: string): ConsoleFiles | null {
  if (!existsSync(join(folder, 'index.html'))) return null
  const files = new Map(
    globSync('**/*', { cwd: folder })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.split(sep).join('/'), readConsoleFile(join(folder, path))]),
  )
  const start = files.get('index.html')
  return start === undefined ? null : { start, find: (path) => files.get(path) ?? null }
}

function readConsoleFile(path: string): ConsoleFile {
  const bytes = readFileSync(path)
  const type = mime.getType(path) ?? 'application/octet-stream'
  return {
    contentType: type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    bytes,
    gzip: once(() => gzipSync(bytes)),
    etag: `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`,
    isForever: extname(path) !== '.html' && path.includes(`${sep}assets${sep}`),
  }
}

/** Most servers are never asked for one. */
function once(make: () => Buffer): () => Buffer {
  let made: Buffer | null = null
  return () => (made ??= make())
}
