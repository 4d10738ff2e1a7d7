/**
 * Files of this server's own: names in the catalog, bytes in the catalog or the blob store. Bytes come to rest first, then one
 * transaction makes them a version: readers see the old file or the new one, whole, and a refusal or a crash at any point
 * leaves what was there.
 */
import type { NewContent, NewVersion } from '../../catalog/catalog.ts'
import type { FileDraft, FilePath, SealedBody } from '../../catalog/file-steps.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { createOrderedId } from '../../platform/ids.ts'
import type { FileTree } from '../file-tree.ts'
import { commitInEpoch } from '../commit-in-epoch.ts'
import { createManagedUploads } from './managed-uploads.ts'
import { openContent } from './open-content.ts'
import { restBody, withHash } from './rest-body.ts'
import { sealOrDiscard } from './seal-or-discard.ts'
import type { ManagedStores } from './stores.ts'

type Described = SealedBody & Pick<FileRecord, 'partSizes'>

export function createManagedTree(stores: ManagedStores): FileTree {
  const { catalog, clock, random } = stores
  const { files } = catalog
  const versionId = (): string => createOrderedId(clock, random, '')
  const fileId = (): string => createOrderedId(clock, random, 'file_')

  function newVersion(path: FilePath, draft: FileDraft, described: Described): NewVersion {
    const { bucket, key } = path
    const { contentType, headers, metadata, tags } = draft
    const { size, etag, checksums, partSizes } = described
    const said = { contentType, headers, metadata, tags, size, etag, checksums, partSizes }
    const ids = { newFileId: fileId(), newVersionId: versionId() }
    return { bucket, key, ...said, modifiedAt: clock.now(), ...ids }
  }

  return {
    find: (path) => files.find(path),
    findById: (id) => files.findById(id),
    findVersion: (path, id) => files.findVersion(path, id),
    findMarker: (path) => files.findMarker(path),
    findMarkerById: (id) => files.findMarkerById(id),
    list: (query) => files.list(query),
    listVersions: (query) => files.listVersions(query),
    signerOf: () => Promise.resolve(null),
    cookieSignerOf: () => Promise.resolve(null),
    open: (file, range, signal) => openContent(stores, file, range, signal),
    partChecksums: ({ content }) => catalog.contents.partChecksums(content.contentId),

    async write(request) {
      const { conditions, signal } = request
      const resting = await restBody(stores, request)
      const sealed = await sealOrDiscard(request.seal, resting)
      const version = newVersion(request.path, request.draft, { ...sealed, partSizes: [] })
      return commitInEpoch({
        conditions,
        commit: (asked) => files.commit(version, hashed(resting.content, sealed), asked),
        resting,
        signal,
      })
    },

    copy({ source, path, draft, checksums, conditions }) {
      const version = newVersion(path, draft, { ...source, checksums })
      const content: NewContent = { kind: 'shared', content: source.content }
      return commitInEpoch({ conditions, commit: (asked) => files.commit(version, content, asked) })
    },

    remove({ path, versionId: removed, conditions }) {
      const ids = { newVersionId: versionId(), newFileId: fileId() }
      const removal = { path, versionId: removed, ...ids, nowMs: clock.now() }
      return commitInEpoch({ conditions, commit: (asked) => files.remove(removal, asked) })
    },

    tag({ conditions, ...tagging }) {
      return commitInEpoch({ conditions, commit: (asked) => files.tag(tagging, asked) })
    },

    move({ id, from, to, overwrite, maxBytes, conditions }) {
      const ids = { newVersionId: versionId(), newMarkerId: versionId() }
      const move = { id, from, to, overwrite, maxBytes, ...ids, nowMs: clock.now() }
      return commitInEpoch({ conditions, commit: (asked) => files.move(move, asked) })
    },

    uploads: createManagedUploads(stores),
  }
}

/** The hash of a file that came in one piece is that of its blob. */
function hashed(content: NewContent, { checksums }: SealedBody): NewContent {
  const known = checksums.find(
    ({ algorithm, type }) => algorithm === 'sha256' && type === 'full-object',
  )
  return known === undefined ? content : withHash(content, known.value)
}
