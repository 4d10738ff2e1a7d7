/** [S3-API] ListBuckets: those the key may list, in pages where they are asked for. */
import type { BucketRecord } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import { listBuckets as listBucketRecords } from '../../../core/buckets/buckets.ts'
import { xmlAnswer } from '../answers/answers.ts'
import { OWNER } from '../answers/format-listing.ts'
import type { XmlElement } from '../answers/xml.ts'
import { queryValue } from '../face.ts'
import type { S3Answer, S3Call, S3Face, S3Request } from '../face.ts'
import { formatContinuationToken, parseContinuationToken } from './continuation-token.ts'

/** Both the largest page and the usual one. */
const MAX_BUCKETS = 10_000
const PARAMETERS = ['bucket-region', 'continuation-token', 'max-buckets', 'prefix'] as const

export async function listBuckets(
  face: S3Face,
  { permit, request }: S3Call<'list'>,
): Promise<S3Answer> {
  const { core } = face
  const prefix = queryValue(request, 'prefix') ?? ''
  const place = { bucket: '', prefix, delimiter: '' }
  const token = queryValue(request, 'continuation-token')
  const after = token === null ? '' : parseContinuationToken(core, place, token)
  const limit = parseMaxBuckets(request)
  const region = queryValue(request, 'bucket-region') ?? core.region
  const all = await listBucketRecords(core, permit)
  const found = all.filter(
    ({ name }) => region === core.region && name > after && name.startsWith(prefix),
  )
  const page = found.slice(0, limit)
  const last = page.length < found.length ? page.at(-1) : undefined
  const isAsked = PARAMETERS.some((name) => queryValue(request, name) !== null)
  const elements = page.map((bucket) => formatBucket(bucket, isAsked ? core.region : null))
  return xmlAnswer('ListAllMyBucketsResult', [
    OWNER,
    ['Buckets', elements],
    [
      'ContinuationToken',
      last === undefined ? null : formatContinuationToken(core, place, last.name),
    ],
    ['Prefix', prefix === '' ? null : prefix],
  ])
}

/** Whoever asks for nothing in particular is not told the region. */
function formatBucket({ name, createdAt }: BucketRecord, region: string | null): XmlElement {
  return [
    'Bucket',
    [
      ['Name', name],
      ['CreationDate', new Date(createdAt).toISOString()],
      ['BucketRegion', region],
    ],
  ]
}

function parseMaxBuckets(request: S3Request): number {
  const text = queryValue(request, 'max-buckets')
  if (text === null) return MAX_BUCKETS
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= MAX_BUCKETS) return count
  const reason = `Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS}`
  throw refusal('field-invalid', { field: 'max-buckets', reason })
}
