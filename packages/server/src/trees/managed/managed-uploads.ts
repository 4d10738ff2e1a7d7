/** Uploads in parts over catalog and blobs: a part is a body at rest, and completing moves no byte. */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { NewContent, UploadCatalog } from '../../catalog/catalog.ts'
import type { PartOutcome, SealedBody } from '../../catalog/file-steps.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { createOrderedId } from '../../platform/ids.ts'
import type { PartCopyRequest, UploadTree } from '../file-tree.ts'
import { commitInEpoch } from '../commit-in-epoch.ts'
import { readThrough } from '../read-through.ts'
import { openContent } from './open-content.ts'
import { restBody, withHash } from './rest-body.ts'
import type { RestingBody } from './rest-body.ts'
import { cutSegments } from './segment-reader.ts'
import { sealOrDiscard } from './seal-or-discard.ts'
import type { ManagedStores } from './stores.ts'

/** Ranges of more contents than this are copied into one of their own: files made of files would grow without bound. */
const MAX_SEGMENTS_A_PART = 32
const NEVER: AbortSignal = new AbortController().signal

type Place = Pick<PartCopyRequest, 'uploadId' | 'number' | 'conditions'>

export function createManagedUploads(stores: ManagedStores): UploadTree {
  const { catalog, clock, random } = stores
  const { uploads } = catalog

  function put(
    { uploadId, number, conditions }: Place,
    sealed: SealedBody,
    resting: RestingBody,
    signal: AbortSignal,
  ): Promise<PartOutcome> {
    const part = { uploadId, number, ...sealed, modifiedAt: clock.now() }
    return commitInEpoch<Awaited<ReturnType<typeof conditions>>, PartOutcome>({
      conditions,
      commit: (asked) => uploads.putPart(part, resting.content, asked),
      resting,
      signal,
    })
  }

  return {
    create: ({ upload, conditions }) =>
      commitInEpoch({ conditions, commit: (asked) => uploads.create(upload, asked) }),
    ...createResumable(uploads),
    find: (id) => uploads.find(id),
    findFinished: (id) => uploads.findFinished(id),
    listParts: (uploadId, after, limit) => uploads.listParts(uploadId, after, limit),
    signerOf: () => Promise.resolve(null),
    list: (query) => uploads.list(query),
    abort: ({ uploadId, conditions }) =>
      commitInEpoch({
        conditions,
        commit: (asked) => uploads.abort(uploadId, clock.now(), asked),
      }),
    async writePart(request) {
      const { seal, sha256, signal } = request
      const resting = await restBody(stores, { ...request, hashes: sha256 === null })
      const sealed = await sealOrDiscard(seal, resting)
      const content = sha256 === null ? resting.content : withHash(resting.content, sha256())
      return put(request, sealed, { ...resting, content }, signal)
    },
    async copyPart(request) {
      const resting = await restCopy(stores, request.source, request.range)
      if (resting === null) return { outcome: 'file-missing' }
      return put(request, request.sealed, resting, NEVER)
    },
    complete: ({ conditions, ...request }) => {
      const completion = {
        ...request,
        contentId: createOrderedId(clock, random, ''),
        newFileId: createOrderedId(clock, random, 'file_'),
        newVersionId: createOrderedId(clock, random, ''),
        nowMs: clock.now(),
      }
      return commitInEpoch({
        conditions,
        commit: (asked) => uploads.complete(completion, asked),
      })
    },
  }
}

function createResumable(uploads: UploadCatalog): Pick<UploadTree, 'join' | 'declareLength'> {
  return {
    join: ({ upload, sources, conditions }) =>
      commitInEpoch({ conditions, commit: (asked) => uploads.join(upload, sources, asked) }),
    declareLength: ({ uploadId, length, conditions }) =>
      commitInEpoch({
        conditions,
        commit: (asked) => uploads.declareLength(uploadId, length, asked),
      }),
  }
}

/** What a part holds that copies `range` of a file; `null` if the file's content is gone. */
async function restCopy(
  stores: ManagedStores,
  source: FileRecord,
  range: ByteRange,
): Promise<RestingBody | null> {
  const { content, size } = source
  if (range.start === 0 && range.end === size - 1) return shared({ kind: 'shared', content })
  if (content.kind === 'stored') return null
  const contentId = createOrderedId(stores.clock, stores.random, '')
  if (content.kind !== 'segments') {
    const segment = {
      contentId: content.contentId,
      kind: content.kind,
      start: range.start,
      length: range.end - range.start + 1,
    }
    return shared({ kind: 'segments', contentId, segments: [segment] })
  }
  const found = await stores.catalog.contents.segments(content.contentId, range)
  if (found === null) return null
  const segments = cutSegments(found, range)
  if (segments.length <= MAX_SEGMENTS_A_PART) {
    return shared({ kind: 'segments', contentId, segments })
  }
  const body = await openContent(stores, source, range, NEVER)
  if (body === null || body.kind === 'redirect') return null
  const bytes = body.kind === 'bytes' ? once(body.bytes) : readThrough(body.reader)
  return restBody(stores, {
    body: bytes,
    size: range.end - range.start + 1,
    signal: NEVER,
    hashes: true,
  })
}

function shared(content: NewContent): RestingBody {
  return { content, discard: () => Promise.resolve() }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // A copy: the chunk's memory belongs to whoever takes it, and these bytes may lie in the cache.
  yield Uint8Array.from(bytes)
}
