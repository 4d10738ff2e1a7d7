/**
 * One tree of them all: which serves a bucket is looked up here, and nowhere else. What goes from one to another goes through this
 * server, byte by byte.
 */
import type { ByteRange } from '../blobs/blob-store.ts'
import type { FilePath, MoveOutcome, PartOutcome, WriteOutcome } from '../catalog/file-steps.ts'
import type { FileRecord } from '../catalog/records.ts'
import type {
  CopyRequest,
  FileTree,
  MoveRequest,
  PartCopyRequest,
  UploadTree,
} from './file-tree.ts'
import type { MountedTree } from './mounted/mounted-tree.ts'
import { pathOfStoredFile, placeOfContent } from './mounted/stored-ids.ts'
import { readThrough } from './read-through.ts'

export interface TreeParts {
  readonly managed: FileTree
  /** `null`: the bucket is this server's own, or is not there. Answers without waiting what it knows. */
  readonly mountedAt: (bucket: string) => MountedTree | null | Promise<MountedTree | null>
}

export function createTreeOfBuckets(parts: TreeParts): FileTree {
  const { managed } = parts
  const on = <Result>(
    bucket: string,
    ask: (tree: FileTree | MountedTree) => Promise<Result>,
  ): Promise<Result> => askTree(parts, bucket, ask)
  return {
    find: (path) => on(path.bucket, (tree) => tree.find(path)),
    findById(id) {
      const path = pathOfStoredFile(id)
      return path === null ? managed.findById(id) : on(path.bucket, (tree) => tree.findById(id))
    },
    findVersion: (path, id) => on(path.bucket, (tree) => tree.findVersion(path, id)),
    findMarker: (path) => on(path.bucket, (tree) => tree.findMarker(path)),
    findMarkerById: (id) => managed.findMarkerById(id),
    list: (query) => on(query.bucket, (tree) => tree.list(query)),
    listVersions: (query) => on(query.bucket, (tree) => tree.listVersions(query)),
    open(file, range, signal) {
      const place = file.content.kind === 'stored' ? placeOfContent(file.content.contentId) : null
      if (place !== null) return on(place.bucket, async (tree) => tree.open(file, range, signal))
      // A part in a store is no object yet, and nobody can read it.
      return file.content.kind === 'stored' ? null : managed.open(file, range, signal)
    },
    signerOf({ content }) {
      const place = content.kind === 'stored' ? placeOfContent(content.contentId) : null
      return place === null
        ? managed.signerOf({ content })
        : on(place.bucket, (tree) => tree.signerOf({ content }))
    },
    cookieSignerOf: (bucket) => on(bucket, (tree) => tree.cookieSignerOf(bucket)),
    partChecksums: (file) =>
      file.content.kind === 'stored' ? Promise.resolve(null) : managed.partChecksums(file),
    write: (request) => on(request.path.bucket, (tree) => tree.write(request)),
    copy: (request) => copy(parts, request),
    remove: (request) => on(request.path.bucket, (tree) => tree.remove(request)),
    tag: (request) => managed.tag(request),
    move: (request) => move(parts, request),
    uploads: createUploads(parts, on),
  }
}

/** Most servers have none but their own, and ask nobody first. */
function askTree<Result>(
  { managed, mountedAt }: TreeParts,
  bucket: string,
  ask: (tree: FileTree | MountedTree) => Promise<Result>,
): Promise<Result> {
  const mounted = mountedAt(bucket)
  return mounted instanceof Promise
    ? mounted.then((tree) => ask(tree ?? managed))
    : ask(mounted ?? managed)
}

type OnBucket = <Result>(
  bucket: string,
  ask: (tree: FileTree | MountedTree) => Promise<Result>,
) => Promise<Result>

function createUploads(parts: TreeParts, on: OnBucket): UploadTree {
  const { uploads } = parts.managed
  /** Slots and what is known of their parts lie in the catalog, wherever the bytes go. */
  async function onSlot<Result>(
    uploadId: string,
    ask: (tree: FileTree | MountedTree) => Promise<Result>,
  ): Promise<Result> {
    const slot = await uploads.find(uploadId)
    return slot === null ? ask(parts.managed) : on(slot.bucket, ask)
  }
  return {
    ...uploads,
    listParts: (uploadId, after, limit) =>
      onSlot(uploadId, (tree) => tree.uploads.listParts(uploadId, after, limit)),
    signerOf: (bucket) => on(bucket, (tree) => tree.uploads.signerOf(bucket)),
    create: (request) => on(request.upload.bucket, (tree) => tree.uploads.create(request)),
    writePart: (request) => onSlot(request.uploadId, (tree) => tree.uploads.writePart(request)),
    copyPart: (request) => onSlot(request.uploadId, (tree) => copyPart(parts, tree, request)),
    complete: (request) => onSlot(request.uploadId, (tree) => tree.uploads.complete(request)),
    abort: (request) => onSlot(request.uploadId, (tree) => tree.uploads.abort(request)),
  }
}

const NEVER: AbortSignal = new AbortController().signal

async function copy(parts: TreeParts, request: CopyRequest): Promise<WriteOutcome> {
  const { source, path, draft, checksums, conditions } = request
  const target = (await parts.mountedAt(path.bucket)) ?? parts.managed
  if (target === parts.managed ? source.content.kind !== 'stored' : source.bucket === path.bucket) {
    return target.copy(request)
  }
  const { size, etag } = source
  const seal = () => Promise.resolve({ size, etag, checksums })
  const taken = { path, draft, size, seal, conditions, signal: NEVER }
  return readFrom<WriteOutcome>(parts, { source, range: null }, (body) =>
    target.write({ ...taken, body }),
  )
}

// oxlint-disable-next-line max-params -- a step and what it is asked
async function copyPart(
  parts: TreeParts,
  target: FileTree | MountedTree,
  request: PartCopyRequest,
): Promise<PartOutcome> {
  const { source, range, sealed, ...place } = request
  if ('copyPart' in target.uploads && source.content.kind !== 'stored') {
    return target.uploads.copyPart(request)
  }
  const { size } = sealed
  const taken = { ...place, size, seal: () => Promise.resolve(sealed), sha256: null, signal: NEVER }
  const read = { source, range: source.size === 0 ? null : range }
  return readFrom<PartOutcome>(parts, read, (body) => target.uploads.writePart({ ...taken, body }))
}

async function move(parts: TreeParts, request: MoveRequest): Promise<MoveOutcome> {
  const [from, to] = [await treeAt(parts, request.from), await treeAt(parts, request.to)]
  return from === to ? from.move(request) : { outcome: 'not-enforceable' }
}

async function treeAt(
  { managed, mountedAt }: TreeParts,
  { bucket }: FilePath,
): Promise<FileTree | MountedTree> {
  return (await mountedAt(bucket)) ?? managed
}

interface Reading {
  readonly source: FileRecord
  readonly range: ByteRange | null
}

async function readFrom<Outcome>(
  parts: TreeParts,
  { source, range }: Reading,
  take: (body: AsyncIterable<Uint8Array>) => Promise<Outcome>,
): Promise<Outcome | { readonly outcome: 'file-missing' }> {
  const tree = await treeAt(parts, source)
  const opened = await tree.open(source, range, NEVER)
  if (opened === null || opened.kind === 'redirect') return { outcome: 'file-missing' }
  // A copy: the memory of a chunk belongs to whoever takes it, and these bytes may lie in a cache.
  if (opened.kind === 'bytes') return take(once(Uint8Array.from(opened.bytes)))
  const { reader } = opened
  let isBegun = false
  async function* body(): AsyncGenerator<Uint8Array> {
    isBegun = true
    yield* readThrough(reader)
  }
  try {
    return await take(body())
  } finally {
    // Of a write that was refused before its first byte nobody else closes what was opened for it.
    if (!isBegun) await reader.close()
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
