/**
 * Uploads in parts into a mounted bucket: the slot is the catalog's, as of any upload, and its parts go into an upload of the store,
 * which is begun with the first of them.
 */
import type {
  PartConditions,
  PartOutcome,
  SealedBody,
  WriteOutcome,
} from '../../catalog/file-steps.ts'
import type { PartRecord, UploadRecord } from '../../catalog/records.ts'
import { storeCorrupt, storeUnavailable } from '../../platform/store-errors.ts'
import type { ObjectStore } from '../../stores/object-store.ts'
import { commitInEpoch } from '../commit-in-epoch.ts'
import type {
  AbortRequest,
  CompleteRequest,
  PartRequest,
  PartUrl,
  UploadTree,
} from '../file-tree.ts'
import { admitWrite, unlessInConflict } from './admit-write.ts'
import { findStored } from './find-stored.ts'
import { holdBack } from './hold-back.ts'
import type { Mount } from './mount.ts'
import { storeConditionOf } from './store-condition.ts'
import { toFile, toStoredHeaders } from './stored-file.ts'
import { createPartContentId, etagOfPart } from './stored-ids.ts'

export type MountedUploads = Pick<
  UploadTree,
  'create' | 'writePart' | 'complete' | 'abort' | 'listParts' | 'signerOf'
>

export function createMountedUploads(mount: Mount): MountedUploads {
  const { catalog } = mount
  return {
    create: ({ upload, conditions }) =>
      commitInEpoch({ conditions, commit: (asked) => catalog.uploads.create(upload, asked) }),
    writePart: (request) => writePart(mount, request),
    complete: (request) => complete(mount, request),
    abort: (request) => abort(mount, request),
    listParts: (uploadId, after, limit) => listParts(mount, { uploadId, after, limit }),
    signerOf: () => Promise.resolve(signerOf(mount)),
  }
}

async function writePart(mount: Mount, request: PartRequest): Promise<PartOutcome> {
  const { catalog, store, clock } = mount
  const { uploadId, number, size, signal, conditions } = request
  if (size === null) throw new Error('A part that goes to a store must say how large it is.')
  const slot = await catalog.uploads.find(uploadId)
  if (slot === null) return { outcome: 'upload-missing' }
  const upload = { key: slot.key, uploadId: await findOrBegin(mount, slot) }
  const seals: SealedBody[] = []
  const held = await holdBack(request.body, async () => {
    seals.push(await request.seal())
  })
  let stored
  try {
    stored = await store.uploads.writePart(upload, { number, size, signal }, held.body)
  } catch (error) {
    throw held.failure()?.error ?? error
  }
  if (stored === null) return { outcome: 'upload-missing' }
  const [sealed] = seals
  if (sealed === undefined) throw storeCorrupt('The store took a part before its last byte came.')
  const part = { uploadId, number, ...sealed, modifiedAt: clock.now() }
  const content = { kind: 'stored', contentId: createPartContentId(stored.etag) } as const
  const put = await commitInEpoch<PartConditions, PartOutcome>({
    conditions,
    commit: (asked) => catalog.uploads.putPart(part, content, asked),
    signal,
  })
  // The slot ended meanwhile, maybe before it knew of what was begun in the store: nobody else would give that up.
  if (put.outcome === 'upload-missing') await giveUp(store, upload.key, upload.uploadId)
  return put
}

/** Of many first parts at once one begins it; what the others began is given up again. */
async function findOrBegin({ catalog, store }: Mount, slot: UploadRecord): Promise<string> {
  const known = await catalog.mounts.findUpload(slot.id)
  if (known !== null) return known
  const begun = await store.uploads.create(slot.key, toStoredHeaders(slot))
  const bound = await catalog.mounts.bindUpload(slot.id, begun)
  if (bound !== begun) await giveUp(store, slot.key, begun)
  return bound
}

async function complete(mount: Mount, request: CompleteRequest): Promise<WriteOutcome> {
  const { catalog, store, bucket } = mount
  const { uploadId, sealed, conditions, forgetAt } = request
  const slot = await catalog.uploads.find(uploadId)
  if (slot === null) return { outcome: 'upload-missing' }
  const parts = await findParts(mount, request)
  if (parts === null) return { outcome: 'condition-failed' }
  const { key } = slot
  const path = { bucket, key }
  const current = await findStored(mount, key)
  const admitted = await admitWrite(mount, { path, current, conditions })
  if (admitted.refusal !== null) return { outcome: admitted.refusal }
  const condition = storeConditionOf(admitted.conditions, current)
  const upload = { key, uploadId: await findOrBegin(mount, slot) }
  const stored = await unlessInConflict(
    mount,
    () => admitted.conditions,
    () => store.uploads.complete(upload, parts.map(toStoredPart), condition),
  )
  if (stored === null) return { outcome: 'upload-missing' }
  if (stored === 'in-conflict') return { outcome: 'condition-failed' }
  const { contentType, headers, metadata } = slot
  const { checksums } = sealed
  const file = toFile(bucket, stored, { contentType, headers, metadata, checksums })
  const ended = { uploadId, etag: sealed.etag, partCount: parts.length, forgetAt }
  await catalog.mounts.settle({ file, conditions: admitted.conditions, upload: ended })
  const partSizes = parts.map(({ size }) => size)
  return { outcome: 'committed', file: { ...file, partSizes }, replaced: current }
}

interface PartsWanted {
  readonly uploadId: string
  readonly after: number
  readonly limit: number
}

/** Those that came through here; of an upload whose parts go past this server, those that the store has. */
async function listParts(
  { catalog, store }: Mount,
  { uploadId, after, limit }: PartsWanted,
): Promise<readonly PartRecord[]> {
  const known = await catalog.uploads.listParts(uploadId, after, limit)
  const storeId = known.length > 0 ? null : await catalog.mounts.findUpload(uploadId)
  const slot = storeId === null ? null : await catalog.uploads.find(uploadId)
  if (slot === null || storeId === null) return known
  const there = (await store.uploads.listParts(slot.key, storeId)) ?? []
  return there
    .filter(({ number }) => number > after)
    .slice(0, limit)
    .map(({ number, size, etag }) => {
      const content = { kind: 'stored', contentId: createPartContentId(etag) } as const
      return { uploadId, number, size, etag, checksums: [], modifiedAt: slot.createdAt, content }
    })
}

function signerOf(mount: Mount): ((part: PartUrl) => Promise<URL>) | null {
  const { signWrite } = mount.store
  if (signWrite === null) return null
  return async ({ uploadId, number, bytes, expiresInSeconds }) => {
    const slot = await mount.catalog.uploads.find(uploadId)
    if (slot === null) throw storeUnavailable('The upload ended while it was signed for.')
    const part = { uploadId: await findOrBegin(mount, slot), number }
    return signWrite(slot.key, { expiresInSeconds, contentLength: bytes, part })
  }
}

/** `null` if one of them is not there with its ETag any more. */
async function findParts(
  mount: Mount,
  { uploadId, parts }: CompleteRequest,
): Promise<readonly PartRecord[] | null> {
  const last = parts.at(-1)?.number ?? 0
  const all = await listParts(mount, { uploadId, after: 0, limit: last })
  const byNumber = new Map(all.map((part) => [part.number, part]))
  const found = parts.flatMap(({ number, etag }) => {
    const part = byNumber.get(number)
    return part?.etag === etag ? [part] : []
  })
  return found.length === parts.length ? found : null
}

function toStoredPart({ number, size, content }: PartRecord): {
  readonly number: number
  readonly size: number
  readonly etag: string
} {
  return { number, size, etag: etagOfPart(content.contentId) }
}

/** A store that cannot be told throws it away by itself. */
async function giveUp({ uploads }: ObjectStore, key: string, uploadId: string): Promise<void> {
  await uploads.leftovers?.abort(key, uploadId)
}

/**
 * The rights of the moment first. Then the store, and the slot last: what is not given up there would be paid for until somebody finds it.
 */
async function abort(
  { catalog, store, clock }: Mount,
  { uploadId, conditions }: AbortRequest,
): ReturnType<UploadTree['abort']> {
  const slot = await catalog.uploads.find(uploadId)
  if (slot === null) return { outcome: 'upload-missing' }
  return commitInEpoch({
    conditions,
    commit: async (asked) => {
      if (asked.ifIdle === true && slot.expiresAt > clock.now())
        return { outcome: 'upload-missing' }
      const path = { bucket: slot.bucket, key: slot.key }
      const { epoch } = asked
      const refusal = await catalog.mounts.admit({ path, current: null, conditions: { epoch } })
      if (refusal === 'epoch-changed') return { outcome: refusal }
      const storeId = await catalog.mounts.findUpload(uploadId)
      if (storeId !== null) await giveUp(store, slot.key, storeId)
      return catalog.uploads.abort(uploadId, clock.now(), asked)
    },
  })
}
