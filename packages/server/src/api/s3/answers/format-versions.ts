/** The elements of ListObjectVersions. */
import type { VersionRecord } from '../../../catalog/records.ts'
import { OWNER, formatName, listedChecksums } from './format-listing.ts'
import type { XmlElement } from './xml.ts'

export function formatVersion(version: VersionRecord, encodesUrl: boolean): XmlElement {
  const { key, versionId, isLatest, modifiedAt } = version
  const common: readonly XmlElement[] = [
    ['Key', formatName(key, encodesUrl)],
    ['VersionId', versionId],
    ['IsLatest', isLatest],
    ['LastModified', new Date(modifiedAt).toISOString()],
  ]
  if (version.isDeleteMarker) return ['DeleteMarker', [...common, OWNER]]
  return [
    'Version',
    [
      ...common,
      ['ETag', `"${version.etag}"`],
      ...listedChecksums(version),
      ['Size', version.size],
      ['StorageClass', 'STANDARD'],
      OWNER,
    ],
  ]
}
