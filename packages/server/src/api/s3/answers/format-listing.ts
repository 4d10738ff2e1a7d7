/** The elements that both versions of ListObjects answer with. */
import { percentEncodePath } from '@hallpass/signing/encoding'
import type { ListedFile, ListedPage } from '../operations/list-page.ts'
import type { FileRecord } from '../../../catalog/records.ts'
import { OWNER_ID } from '../bucket-owner.ts'
import { checksumName, formatChecksumType, shownChecksums } from './checksum-headers.ts'
import type { XmlElement } from './xml.ts'

export interface ListingFormat {
  readonly encodesUrl: boolean
  readonly withOwner: boolean
}

export const OWNER: XmlElement = [
  'Owner',
  [
    ['ID', OWNER_ID],
    ['DisplayName', OWNER_ID],
  ],
]

export function formatEntries(page: ListedPage, format: ListingFormat): XmlElement[] {
  const elements: XmlElement[] = []
  for (const file of page.files) elements.push(['Contents', formatContents(file, format)])
  for (const prefix of page.prefixes) {
    elements.push(['CommonPrefixes', [['Prefix', formatName(prefix, format.encodesUrl)]]])
  }
  return elements
}

/** A key or part of one, as `encoding-type` asks. The slash stays: clients split keys at it. */
export function formatName(text: string, encodesUrl: boolean): string {
  return encodesUrl ? percentEncodePath(text) : text
}

/** Which checksums the object has; what they are HeadObject says. */
export function listedChecksums(file: Pick<FileRecord, 'checksums'>): XmlElement[] {
  const shown = shownChecksums(file)
  const [first] = shown
  if (first === undefined) return []
  return [
    ...shown.map(({ algorithm }): XmlElement => ['ChecksumAlgorithm', checksumName(algorithm)]),
    ['ChecksumType', formatChecksumType(first)],
  ]
}

function formatContents(file: ListedFile, format: ListingFormat): XmlElement[] {
  const elements: XmlElement[] = [
    ['Key', formatName(file.key, format.encodesUrl)],
    ['LastModified', new Date(file.modifiedAt).toISOString()],
    ['ETag', `"${file.etag}"`],
    ...listedChecksums(file),
    ['Size', file.size],
    ['StorageClass', 'STANDARD'],
  ]
  if (format.withOwner) elements.push(OWNER)
  return elements
}
