/** Uploads in parts, which come in any order: each is an object of its own until they are put together. */
import type {
  StoredHead,
  StoredObject,
  StoredPart,
  StoredUploads,
  WriteCondition,
} from '../object-store.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { withPartBody } from '../send/part-body.ts'
import { createPartEtag, createUploadId, readUploadId } from '../send/upload-ids.ts'
import type { OwnUpload } from '../send/upload-ids.ts'
import type { GcsCalls } from './gcs-calls.ts'
import { pathOfObject } from './gcs-calls.ts'
import {
  JSON_TYPE,
  conditionQuery,
  jsonBody,
  readDocument,
  readResource,
  resourceOf,
} from './gcs-documents.ts'
import { isAbsentObject } from './gcs-faults.ts'
import { crcOfAll, findOwnObject } from './own-object.ts'
import { listAll } from './list-objects.ts'
import { deleteObject } from './delete-object.ts'
import {
  PARTS,
  folderOf,
  isMarker,
  markerOf,
  middleKeyOf,
  partKeyOf,
  readPartKey,
} from './part-objects.ts'
import { putBytes, putObject } from './put-object.ts'
import { statObject } from './read-object.ts'

const MAX_PARTS = 10_000
/** So many objects may be put together at once. */
const MOST_SOURCES = 32

const NOTHING_KEPT = {
  contentType: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
  cacheControl: null,
} as const

export function createGcsUploads(calls: GcsCalls): StoredUploads {
  return {
    minPartBytes: 1,
    maxParts: MAX_PARTS,

    async create(key, headers) {
      const uploadId = createUploadId(headers, calls.random)
      const upload = readUploadId(uploadId) ?? { nonce: '', headers }
      const kept = { ...NOTHING_KEPT, metadata: { key, upload: uploadId } }
      // Nobody else can have its name: where an answer was lost, what is met there is its own.
      const marker = { headers: kept, condition: null }
      await putObject(calls, markerOf(upload), new Uint8Array(0), marker)
      return uploadId
    },

    async writePart({ uploadId }, { number, size, signal }, chunks) {
      const upload = await findUpload(calls, uploadId)
      if (upload === null) return null
      const part = { number, size, etag: createPartEtag(calls.clock.now(), calls.random) }
      const key = partKeyOf(upload, part) ?? ''
      await withPartBody(chunks, { size, signal }, (body) => putBytes(calls, key, body, signal))
      return part
    },

    async listParts(_key, uploadId) {
      const upload = await findUpload(calls, uploadId)
      return upload && latestOf((await objectsOf(calls, upload)).flatMap(toPart))
    },

    complete: ({ key, uploadId }, parts, condition) =>
      complete(calls, { key, uploadId, parts, condition }),

    leftovers: {
      async *list(prefix) {
        for await (const { key: marker, metadata, modifiedAt } of listAll(calls, PARTS)) {
          const { key, upload } = metadata
          if (!isMarker(marker) || key === undefined || upload === undefined) continue
          if (key.startsWith(prefix)) yield { key, uploadId: upload, startedAt: modifiedAt }
        }
      },
      async abort(_key, uploadId) {
        const upload = readUploadId(uploadId)
        if (upload !== null) await removeAll(calls, upload)
      },
    },
  }
}

async function findUpload(calls: GcsCalls, uploadId: string): Promise<OwnUpload | null> {
  const upload = readUploadId(uploadId)
  if (upload === null || (await statObject(calls, markerOf(upload))) === null) return null
  return upload
}

async function objectsOf(calls: GcsCalls, upload: OwnUpload): Promise<readonly StoredHead[]> {
  const objects: StoredHead[] = []
  for await (const object of listAll(calls, folderOf(upload))) objects.push(object)
  return objects
}

function toPart({ key, size }: StoredHead): StoredPart[] {
  const part = readPartKey(key, size)
  return part === null ? [] : [part]
}

/** Of parts that were sent again the last, in the order of their numbers. */
function latestOf(parts: readonly StoredPart[]): StoredPart[] {
  const latest = new Map<number, StoredPart>()
  for (const part of parts) {
    const other = latest.get(part.number)
    if (other === undefined || other.etag < part.etag) latest.set(part.number, part)
  }
  return [...latest.values()].toSorted((a, b) => a.number - b.number)
}

interface Completion {
  readonly key: string
  readonly uploadId: string
  readonly parts: readonly StoredPart[]
  readonly condition: WriteCondition | null
}

async function complete(
  calls: GcsCalls,
  { key, uploadId, parts, condition }: Completion,
): Promise<StoredObject | null> {
  const upload = await findUpload(calls, uploadId)
  if (upload === null) return null
  const there = new Map((await objectsOf(calls, upload)).map((object) => [object.key, object]))
  let sources = parts.flatMap((part) => there.get(partKeyOf(upload, part) ?? '') ?? [])
  if (sources.length < parts.length) return null
  for (let level = 1; sources.length > MOST_SOURCES; level += 1) {
    const groups = inGroups(sources)
    const middles: StoredHead[] = []
    for (const [index, group] of groups.entries()) {
      const to = middleKeyOf(upload, level, index)
      const made = await compose(calls, { to, sources: group, resource: {}, condition: null })
      if (made === null) return null
      middles.push(made)
    }
    sources = middles
  }
  const resource = resourceOf(upload.headers)
  const made = await compose(calls, { to: key, sources, resource, condition })
  // What cannot be taken away now is found as left over.
  if (made !== null) await removeAll(calls, upload).catch(() => undefined)
  return made
}

function inGroups(sources: readonly StoredHead[]): StoredHead[][] {
  const groups: StoredHead[][] = []
  for (let at = 0; at < sources.length; at += MOST_SOURCES) {
    groups.push(sources.slice(at, at + MOST_SOURCES))
  }
  return groups
}

interface Composing {
  readonly to: string
  readonly sources: readonly StoredHead[]
  readonly resource: object
  readonly condition: WriteCondition | null
}

/** `null`: one of them is not there any more. */
async function compose(
  calls: GcsCalls,
  { to, sources, resource, condition }: Composing,
): Promise<StoredHead | null> {
  const { name, location } = calls
  const sourceObjects = sources.map(({ key, etag }) => ({
    name: location.prefix + key,
    objectPreconditions: { ifGenerationMatch: etag },
  }))
  const answer = await calls.ask({
    operation: 'ComposeObject',
    method: 'POST',
    path: `${pathOfObject(location, to)}/compose`,
    query: conditionQuery(condition),
    headers: JSON_TYPE,
    body: jsonBody({ sourceObjects, destination: resource }),
    wantsText: true,
  })
  if (condition !== null && isDoubtful(answer)) {
    const crc32c = await crcOfAll(
      calls,
      sources.map(({ key }) => key),
    )
    const size = sources.reduce((sum, source) => sum + source.size, 0)
    const own = await findOwnObject(calls, { key: to, size, digests: { crc32c } })
    if (own !== null) return own
  }
  if (isAbsentObject(answer)) return null
  if (answer.status !== 200) throw calls.faultOf(answer)
  return readResource(name, readDocument(name, answer, 'object'), location.prefix)
}

/** The marker last: while anything is left, it is found. */
async function removeAll(calls: GcsCalls, upload: OwnUpload): Promise<void> {
  for (const { key } of await objectsOf(calls, upload)) {
    if (!isMarker(key)) await deleteObject(calls, key)
  }
  await deleteObject(calls, markerOf(upload))
}
