/**
 * The files of a server.
 *
 * @module
 */
import { ServerRefusal, callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { listOf, memberOf, numberOf, readText, textOf, textOrNullOf } from '../read-shape.ts'

export interface RemoteFile {
  readonly id: string
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly contentType: string
  /** Without quotes. */
  readonly etag: string
  /** Hex; `null` of a file that came in parts. */
  readonly sha256: string | null
  readonly visibility: string
  /** ISO 8601. */
  readonly modifiedAt: string
  /** Fetches it for some minutes; `null` where links must be asked for. A secret of private files. */
  readonly fetchUrl: string | null
}

export type Entry =
  | { readonly kind: 'file'; readonly file: RemoteFile }
  /** A path with a slash at its end. */
  | { readonly kind: 'folder'; readonly path: string }

const PAGE = '1000'

/** What lies in a folder, in the order of its bytes, page by page. */
export async function* listFolder(
  connection: Connection,
  folder: string,
  { recursive }: { readonly recursive: boolean },
): AsyncGenerator<Entry> {
  const query = new URLSearchParams({ folder, limit: PAGE })
  if (recursive) query.set('recursive', 'true')
  for (;;) {
    const { entries, nextCursor }: Page = await callServer(
      connection,
      { method: 'GET', path: `/v1/files?${query.toString()}`, names: { folder: 'PATH' } },
      readPage,
    )
    yield* entries
    if (nextCursor === null) return
    query.set('cursor', nextCursor)
  }
}

/** `null` where there is none. */
export async function findFile(connection: Connection, path: string): Promise<RemoteFile | null> {
  const query = new URLSearchParams({ path })
  const call = { method: 'GET', path: `/v1/files?${query.toString()}` } as const
  try {
    return await callServer(connection, call, readFile)
  } catch (error) {
    const isMissing =
      error instanceof ServerRefusal && /^(?:file|bucket)-not-found$/.test(error.code)
    if (isMissing) return null
    throw error
  }
}

interface Page {
  readonly entries: readonly Entry[]
  readonly nextCursor: string | null
}

function readPage(answer: unknown): Page {
  const folders = listOf(answer, 'folders', (path): Entry => ({
    kind: 'folder',
    path: readText(path),
  }))
  const files = listOf(answer, 'files', (item): Entry => ({ kind: 'file', file: readFile(item) }))
  return { entries: [...folders, ...files], nextCursor: textOrNullOf(answer, 'nextCursor') }
}

export function readFile(answer: unknown): RemoteFile {
  const urls = [memberOf(answer, 'signedUrl'), memberOf(answer, 'url')]
  return {
    id: textOf(answer, 'id'),
    path: textOf(answer, 'path'),
    size: numberOf(answer, 'size'),
    contentType: textOf(answer, 'contentType'),
    etag: textOf(answer, 'etag'),
    sha256: textOrNullOf(answer, 'sha256'),
    visibility: textOf(answer, 'visibility'),
    modifiedAt: textOf(answer, 'modifiedAt'),
    fetchUrl: urls.find((url) => typeof url === 'string') ?? null,
  }
}
