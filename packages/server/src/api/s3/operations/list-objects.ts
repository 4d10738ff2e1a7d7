/** [S3-API] ListObjects, the first version: its marker is a plain key. */
import { xmlAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { formatEntries, formatName } from '../answers/format-listing.ts'
import { readListPage } from './list-page.ts'
import { parseListParameters, parsePlace } from './list-parameters.ts'

export async function listObjects(
  face: S3Face,
  { permit, request }: S3Call<'list'>,
): Promise<S3Answer> {
  const parameters = parseListParameters(request)
  const { bucket, prefix, delimiter, maxKeys, encodesUrl } = parameters
  const marker = parsePlace(request, 'marker')
  const page = await readListPage(face, permit, parameters, marker)
  return xmlAnswer('ListBucketResult', [
    ['Name', bucket],
    ['Prefix', formatName(prefix, encodesUrl)],
    ['Marker', formatName(marker, encodesUrl)],
    ['NextMarker', page.nextAfter === null ? null : formatName(page.nextAfter, encodesUrl)],
    ['MaxKeys', maxKeys],
    ['Delimiter', delimiter === '' ? null : formatName(delimiter, encodesUrl)],
    ['EncodingType', encodesUrl ? 'url' : null],
    ['IsTruncated', page.nextAfter !== null],
    ...formatEntries(page, { encodesUrl, withOwner: true }),
  ])
}
