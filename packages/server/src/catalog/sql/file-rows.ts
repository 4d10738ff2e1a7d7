/** Rows of files, versions and parts to their records. */
import type { Content, FileRecord, PartRecord, VersionRecord } from '../records.ts'
import { files, parts, versions } from '../tables/files.ts'
import type { FileRow, PartRow, VersionRow } from './schema.ts'

export function toFileRecord(row: FileRow): FileRecord {
  const { contentKind: kind, contentId, ...file } = files.toRecord(row)
  return { ...file, content: { kind, contentId } }
}

export function toFileRow({ content, ...file }: FileRecord): FileRow {
  return files.toRow({ ...file, contentKind: content.kind, contentId: content.contentId })
}

export function toVersionRecord(row: VersionRow, isLatest: boolean): VersionRecord {
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

export function toPartRecord(row: PartRow): PartRecord {
  const { contentKind: kind, contentId, ...part } = parts.toRecord(row)
  return { ...part, content: { kind, contentId } }
}

/** Of a row that has one; a delete marker has none. */
export function contentOf(row: Pick<VersionRow, 'content_id' | 'content_kind'>): Content | null {
  const kind = row.content_kind
  if (kind === 'inline' || kind === 'blob' || kind === 'segments') {
    return { kind, contentId: row.content_id }
  }
  return null
}
