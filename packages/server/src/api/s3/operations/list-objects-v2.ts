/** [S3-API] ListObjectsV2. */
import { xmlAnswer } from '../answers/answers.ts'
import { formatContinuationToken, parseContinuationToken } from './continuation-token.ts'
import { queryValue } from '../face.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { formatEntries, formatName } from '../answers/format-listing.ts'
import { readListPage } from './list-page.ts'
import { parseListParameters, parsePlace } from './list-parameters.ts'

export async function listObjectsV2(
  face: S3Face,
  { permit, request }: S3Call<'list'>,
): Promise<S3Answer> {
  const parameters = parseListParameters(request)
  const { bucket, prefix, delimiter, maxKeys, encodesUrl } = parameters
  const startAfter = parsePlace(request, 'start-after')
  const token = queryValue(request, 'continuation-token')
  const after = token === null ? startAfter : parseContinuationToken(face.core, parameters, token)
  const page = await readListPage(face, permit, parameters, after)
  const nextToken =
    page.nextAfter === null ? null : formatContinuationToken(face.core, parameters, page.nextAfter)
  return xmlAnswer('ListBucketResult', [
    ['Name', bucket],
    ['Prefix', formatName(prefix, encodesUrl)],
    ['StartAfter', startAfter === '' ? null : formatName(startAfter, encodesUrl)],
    ['ContinuationToken', token],
    ['NextContinuationToken', nextToken],
    ['KeyCount', page.files.length + page.prefixes.length],
    ['MaxKeys', maxKeys],
    ['Delimiter', delimiter === '' ? null : formatName(delimiter, encodesUrl)],
    ['EncodingType', encodesUrl ? 'url' : null],
    ['IsTruncated', nextToken !== null],
    ...formatEntries(page, {
      encodesUrl,
      withOwner: queryValue(request, 'fetch-owner') === 'true',
    }),
  ])
}
