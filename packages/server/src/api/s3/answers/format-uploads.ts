/** The elements in which open uploads are spoken of. */
import type { UploadRecord } from '../../../catalog/records.ts'
import { checksumName, formatChecksumType } from './checksum-headers.ts'
import { OWNER } from './format-listing.ts'
import type { XmlElement } from './xml.ts'

/** Whoever began it: all uploads belong to whoever runs the server. */
export const INITIATOR: XmlElement = ['Initiator', OWNER[1]]

/** What the client said when it opened the upload, if it said anything. */
export function uploadChecksumElements({
  checksumAlgorithm: algorithm,
  checksumType: type,
}: UploadRecord): XmlElement[] {
  if (algorithm === null || type === null) return []
  return [
    ['ChecksumAlgorithm', checksumName(algorithm)],
    ['ChecksumType', formatChecksumType({ type })],
  ]
}
