/**
 * Ids of what lies in a mounted bucket. Nobody keeps a list of it, so an id says itself what it is of: the path, and enough of the
 * ETag to tell the object from one that took its place. An id is no secret and gives no right.
 */
import { createHash } from 'node:crypto'
import type { FilePath } from '../../catalog/file-steps.ts'
import { decodeLetters, encodeLetters } from './letters.ts'

/** Ids of this server's own files go on with the time, which begins with `0` for a hundred years. */
const PREFIX = 'file_m'
const STATE_BYTES = 9

/** Letters and digits alone: the ids of automatic links hold it. */
export function createStoredFileId(path: FilePath, etag: string): string {
  const place = Buffer.from(`${path.bucket}/${path.key}`)
  return PREFIX + encodeLetters(Buffer.concat([stateOf(etag), place]))
}

/** The path in an id of a mounted file; `null` for any other text. Whether the same object is still there is not asked. */
export function pathOfStoredFile(id: string): FilePath | null {
  const bytes = id.startsWith(PREFIX) ? decodeLetters(id.slice(PREFIX.length)) : null
  if (bytes === null || bytes.length <= STATE_BYTES) return null
  const path = Buffer.from(bytes).toString('utf8', STATE_BYTES)
  const slash = path.indexOf('/')
  return slash < 1 ? null : { bucket: path.slice(0, slash), key: path.slice(slash + 1) }
}

function stateOf(etag: string): Buffer {
  return createHash('sha256').update(etag).digest().subarray(0, STATE_BYTES)
}

export interface StoredPlace extends FilePath {
  readonly etag: string
}

/** Of the content of a mounted file: where it lies, and which state of it is meant. */
export function createStoredContentId({ bucket, key, etag }: StoredPlace): string {
  return PLACE + JSON.stringify([bucket, key, etag])
}

/** `null` of a part, which no file holds yet. */
export function placeOfContent(contentId: string): StoredPlace | null {
  if (!contentId.startsWith(PLACE)) return null
  const [bucket, key, etag] = JSON.parse(contentId.slice(PLACE.length)) as [string, string, string]
  return { bucket, key, etag }
}

/** Of a part that lies in a store: what the store knows it by. */
export function createPartContentId(etag: string): string {
  return PART + etag
}

export function etagOfPart(contentId: string): string {
  return contentId.slice(PART.length)
}

const PLACE = 'object:'
const PART = 'part:'
