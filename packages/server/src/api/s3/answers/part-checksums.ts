/** What is known of a part besides its ETag [S3-CHECKSUMS]. */
import type { PartRecord } from '../../../catalog/records.ts'
import { checksumHeader, checksumName } from './checksum-headers.ts'
import type { XmlElement } from './xml.ts'

export function partChecksumHeaders({ checksums }: PartRecord): string[] {
  return checksums.flatMap(({ algorithm, value }) => [checksumHeader(algorithm), value])
}

export function partChecksumElements({ checksums }: PartRecord): XmlElement[] {
  return checksums.map(({ algorithm, value }): XmlElement => [
    `Checksum${checksumName(algorithm)}`,
    value,
  ])
}
