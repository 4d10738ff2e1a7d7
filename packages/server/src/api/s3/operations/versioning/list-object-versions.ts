/** [S3-API] ListObjectVersions: every version and every delete marker, the latest of a name first. */
import { refusal } from '../../../../core/errors.ts'
import { listVersions } from '../../../../core/files/versions.ts'
import { xmlAnswer } from '../../answers/answers.ts'
import { formatName } from '../../answers/format-listing.ts'
import { formatVersion } from '../../answers/format-versions.ts'
import type { XmlElement } from '../../answers/xml.ts'
import { queryValue } from '../../face.ts'
import type { S3Answer, S3Call, S3Face, S3Request } from '../../face.ts'
import { parseListParameters, parsePlace } from '../list-parameters.ts'

export async function listObjectVersions(
  face: S3Face,
  { permit, request }: S3Call<'list'>,
): Promise<S3Answer> {
  const parameters = parseListParameters(request)
  const { bucket, prefix, delimiter, maxKeys, encodesUrl } = parameters
  const after = parsePlace(request, 'key-marker')
  const afterVersionId = parseVersionMarker(request, after)
  const limit = Math.max(1, maxKeys)
  const listing = await listVersions(face.core, permit, { delimiter, after, afterVersionId, limit })
  // Asked for nothing, S3 answers an empty page that claims to be the last.
  const { entries, nextAfter, nextAfterVersionId } = maxKeys === 0 ? NOTHING : listing
  const elements = entries.map((entry): XmlElement =>
    entry.kind === 'file'
      ? formatVersion(entry.file, encodesUrl)
      : ['CommonPrefixes', [['Prefix', formatName(entry.prefix, encodesUrl)]]],
  )
  return xmlAnswer('ListVersionsResult', [
    ['Name', bucket],
    ['Prefix', formatName(prefix, encodesUrl)],
    ['KeyMarker', formatName(after, encodesUrl)],
    ['VersionIdMarker', afterVersionId ?? ''],
    ['NextKeyMarker', nextAfter === null ? null : formatName(nextAfter, encodesUrl)],
    ['NextVersionIdMarker', nextAfterVersionId],
    ['MaxKeys', maxKeys],
    ['Delimiter', delimiter === '' ? null : formatName(delimiter, encodesUrl)],
    ['EncodingType', encodesUrl ? 'url' : null],
    ['IsTruncated', nextAfter !== null],
    ...elements,
  ])
}

const NOTHING = { entries: [], nextAfter: null, nextAfterVersionId: null } as const

function parseVersionMarker(request: S3Request, after: string): string | null {
  const marker = queryValue(request, 'version-id-marker') ?? ''
  if (marker === '') return null
  if (after !== '') return marker
  const reason = 'A version-id marker cannot be specified without a key marker'
  throw refusal('field-invalid', { field: 'version-id-marker', reason })
}
