/**
 * The files of a server.
 *
 * @module
 */
import { ServerRefusal, callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { readPages } from '../read-pages.ts'
import { listOf, memberOf, numberOf, readText, textOf, textOrNullOf } from '../read-shape.ts'

export interface RemoteFile {
  readonly id: string
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly contentType: string
  /** Without quotes. */
  readonly etag: string
  /** Hex; `null` of a file that came in parts, unless whoever sent it says it. */
  readonly sha256: string | null
  /** Of the object that it was brought in from; `null` of others. */
  readonly sourceEtag: string | null
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
export function listFolder(
  connection: Connection,
  folder: string,
  { recursive }: { readonly recursive: boolean },
): AsyncGenerator<Entry> {
  const query = { folder, limit: PAGE, recursive: recursive ? 'true' : undefined }
  const call = { path: '/v1/files', query, names: { folder: 'PATH' } }
  return readPages(connection, call, readEntries)
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

function readEntries(answer: unknown): Entry[] {
  const folders = listOf(answer, 'folders', (path): Entry => ({
    kind: 'folder',
    path: readText(path),
  }))
  const files = listOf(answer, 'files', (item): Entry => ({ kind: 'file', file: readFile(item) }))
  return [...folders, ...files]
}

/** The metadata in which an upload in parts says the SHA-256 of the whole: the server computes none. Who lies there spoils only the download. */
export const WHOLE_SHA256 = 'hallpass-sha256'

function announcedSha256(answer: unknown): string | null {
  const text = memberOf(memberOf(answer, 'metadata'), WHOLE_SHA256)
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? text : null
}

/** The metadata in which a file that was brought in from a bucket says the ETag that it had there. */
export const SOURCE_ETAG = 'source-etag'

function announcedEtag(answer: unknown): string | null {
  const text = memberOf(memberOf(answer, 'metadata'), SOURCE_ETAG)
  return typeof text === 'string' ? text : null
}

export function readFile(answer: unknown): RemoteFile {
  const urls = [memberOf(answer, 'signedUrl'), memberOf(answer, 'url')]
  return {
    id: textOf(answer, 'id'),
    path: textOf(answer, 'path'),
    size: numberOf(answer, 'size'),
    contentType: textOf(answer, 'contentType'),
    etag: textOf(answer, 'etag'),
    sha256: textOrNullOf(answer, 'sha256') ?? announcedSha256(answer),
    sourceEtag: announcedEtag(answer),
    visibility: textOf(answer, 'visibility'),
    modifiedAt: textOf(answer, 'modifiedAt'),
    fetchUrl: urls.find((url) => typeof url === 'string') ?? null,
  }
}
