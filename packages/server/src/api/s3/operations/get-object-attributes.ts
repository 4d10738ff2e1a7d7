/** [S3-API] GetObjectAttributes: what is known of an object, without its bytes, in the parts that were asked for. */
import type { FileRecord, PartChecksums } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import { findPartChecksums } from '../../../core/files/find-part-checksums.ts'
import { openFile } from '../../../core/files/open-file.ts'
import { formatHttpDate } from '../../../http/http-date.ts'
import { joinedHeader } from '../../../http/raw-headers.ts'
import { xmlAnswer } from '../answers/answers.ts'
import {
  checksumName,
  formatChecksum,
  formatChecksumType,
  shownChecksums,
} from '../answers/checksum-headers.ts'
import type { XmlElement } from '../answers/xml.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { amzHeader, queryValue } from '../face.ts'
import type { S3Answer, S3Call, S3Face, S3Request } from '../face.ts'
import { parseVersionId, pushVersionId } from './versioning/version-id.ts'

const PARTS = 'ObjectParts'
const NEVER: AbortSignal = new AbortController().signal
const MAX_PARTS = 1000

interface PartsPage {
  readonly after: number
  readonly limit: number
  /** Of all parts. */
  readonly checksums: PartChecksums | null
}

type Attribute = (file: FileRecord, page: PartsPage) => readonly XmlElement[]

/** In the order of S3's answer. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  ETag: ({ etag }) => [['ETag', etag]],
  Checksum: formatChecksums,
  [PARTS]: formatParts,
  StorageClass: () => [['StorageClass', 'STANDARD']],
  ObjectSize: ({ size }) => [['ObjectSize', size]],
}

export async function getObjectAttributes(
  face: S3Face,
  { permit, request }: S3Call<'read'>,
): Promise<S3Answer> {
  const asked = readAttributes(request)
  const place = {
    after: readNumber(request, 'x-amz-part-number-marker', 0),
    limit: Math.min(readNumber(request, 'x-amz-max-parts', MAX_PARTS), MAX_PARTS),
  }
  const versionId = parseVersionId(request)
  const opening = { versionId, range: null, conditions: {}, withBody: false }
  const { file } = await openFile(face.core, permit, opening, NEVER)
  const checksums = asked.has(PARTS) ? await findPartChecksums(face.core, permit, file) : null
  const page = { ...place, checksums }
  const elements = Object.entries(ATTRIBUTES).flatMap(([name, format]) =>
    asked.has(name) ? format(file, page) : [],
  )
  const headers = ['Last-Modified', formatHttpDate(file.modifiedAt)]
  await pushVersionId(headers, face, permit, file.versionId)
  return xmlAnswer('GetObjectAttributesResponse', elements, headers)
}

function readAttributes(request: S3Request): ReadonlySet<string> {
  const field = 'x-amz-object-attributes'
  // The SDK for Java sends a line for each.
  const text = joinedHeader(request.raw.headers, field) ?? queryValue(request, field) ?? ''
  const names = text.split(',').map((name) => name.trim())
  if (text.trim() === '') throw s3Refusal('attributes-missing', {})
  for (const name of names) {
    if (Object.hasOwn(ATTRIBUTES, name)) continue
    throw refusal('field-invalid', { field, reason: 'Invalid attribute name specified' })
  }
  return new Set(names)
}

function readNumber(request: S3Request, field: string, usual: number): number {
  const text = amzHeader(request, field)
  if (text === null || text === '') return usual
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw refusal('field-invalid', { field, reason: 'it must be a whole number' })
}

function formatChecksums(file: FileRecord): XmlElement[] {
  const shown = shownChecksums(file)
  const [first] = shown
  if (first === undefined) return []
  const values = shown.map((checksum): XmlElement => [
    `Checksum${checksumName(checksum.algorithm)}`,
    formatChecksum(checksum, file),
  ])
  return [['Checksum', [...values, ['ChecksumType', formatChecksumType(first)]]]]
}

/** Only of a file that came in parts. */
function formatParts(
  { partSizes }: FileRecord,
  { after, limit, checksums }: PartsPage,
): XmlElement[] {
  if (partSizes.length === 0) return []
  const shown = partSizes.slice(after, after + limit)
  const last = after + shown.length
  return [
    [
      'ObjectParts',
      [
        ['IsTruncated', String(last < partSizes.length)],
        ['MaxParts', limit],
        ['NextPartNumberMarker', shown.length === 0 ? 0 : last],
        ['PartNumberMarker', after],
        ...shown.map((size, index): XmlElement => [
          'Part',
          [
            ['PartNumber', after + index + 1],
            ['Size', size],
            ...formatPartChecksum(checksums, after + index),
          ],
        ]),
        ['PartsCount', partSizes.length],
      ],
    ],
  ]
}

function formatPartChecksum(checksums: PartChecksums | null, index: number): XmlElement[] {
  const value = checksums?.values[index]
  if (checksums === null || value === undefined) return []
  return [[`Checksum${checksumName(checksums.algorithm)}`, value]]
}
