/** Rows of files, versions and parts to their records. */
import type { Content, FileRecord, PartRecord, VersionRecord } from '../records.ts'
import { files, parts, versions } from '../tables/files.ts'
import type { StoredFile, StoredPart, StoredVersion } from './schema.ts'

const { columns } = files

/** Written out, field for field, because every request makes one: `files.toRecord` takes three times as long. */
export function toFileRecord(row: StoredFile): FileRecord {
  return {
    id: row.id,
    bucket: row.bucket,
    key: row.key,
    versionId: row.versionId,
    size: row.size,
    etag: row.etag,
    checksums: columns.checksums.toValue(row.checksums),
    partSizes: columns.partSizes.toValue(row.partSizes),
    contentType: row.contentType,
    headers: columns.headers.toValue(row.headers),
    metadata: columns.metadata.toValue(row.metadata),
    tags: columns.tags.toValue(row.tags),
    createdAt: row.createdAt,
    modifiedAt: row.modifiedAt,
    arrivedAt: row.arrivedAt,
    quotaKey: row.quotaKey,
    content: { kind: columns.contentKind.toValue(row.contentKind), contentId: row.contentId },
  }
}

export function toStoredFile({ content, ...file }: FileRecord): StoredFile {
  return files.toStored({ ...file, contentKind: kindInRow(content), contentId: content.contentId })
}

/** What lies in a store of others is no row of this catalog. */
export function kindInRow({ kind }: Content): Exclude<Content['kind'], 'stored'> {
  if (kind === 'stored') throw new Error('A mounted file has no row.')
  return kind
}

export function toVersionRecord(row: StoredVersion, isLatest: boolean): VersionRecord {
  const { contentKind, contentId, position: _, ...version } = versions.toRecord(row)
  if (contentKind !== 'delete-marker') {
    const content: Content = { kind: contentKind, contentId }
    return { ...version, content, isDeleteMarker: false, isLatest }
  }
  const { id, bucket, key, versionId, modifiedAt } = version
  return { id, bucket, key, versionId, modifiedAt, isDeleteMarker: true, isLatest }
}

export function toLatestVersion(file: FileRecord): VersionRecord {
  return { ...file, isDeleteMarker: false, isLatest: true }
}

export function toPartRecord(row: StoredPart): PartRecord {
  const { contentKind: kind, contentId, ...part } = parts.toRecord(row)
  return { ...part, content: { kind, contentId } }
}

/** Of a row that has one; a delete marker has none. */
export function contentOf(row: Pick<StoredVersion, 'contentId' | 'contentKind'>): Content | null {
  const kind = row.contentKind
  if (kind === 'inline' || kind === 'blob' || kind === 'segments') {
    return { kind, contentId: row.contentId }
  }
  return null
}
