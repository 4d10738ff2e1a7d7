/** [S3-API] UploadPartCopy: a part with a range of another object, whose bytes stay where they are. */
import { authorize } from '../../../core/policy/authorize.ts'
import { copyPart } from '../../../core/uploads/copy-part.ts'
import { xmlAnswer } from '../answers/answers.ts'
import { partChecksumElements } from '../answers/part-checksums.ts'
import { queryValue } from '../face.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { COPY_SOURCE_HEADERS, parseCopyRange, parseCopySource } from '../uploads/copy-source.ts'
import { parsePartNumber, uploadIdOf } from '../uploads/part-parameters.ts'
import { abortWith } from '../uploads/upload-body.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import { pushSourceVersionId } from './versioning/version-id.ts'

export async function uploadPartCopy(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const { core } = face
  refuseUnsupportedFeatures(request, COPY_SOURCE_HEADERS)
  const number = parsePartNumber(queryValue(request, 'partNumber') ?? '')
  const { path, ...source } = parseCopySource(request)
  const range = parseCopyRange(request)
  const from = await authorize(core, request.caller, 'read', path)
  const copied = await copyPart(
    core,
    { from, to: permit },
    { uploadId: uploadIdOf(request), number, source, range },
    abortWith(request.source.response),
  )
  const { part } = copied
  const headers: string[] = []
  await pushSourceVersionId(headers, face, from, copied.source.versionId)
  return xmlAnswer(
    'CopyPartResult',
    [
      ['LastModified', new Date(part.modifiedAt).toISOString()],
      ['ETag', `"${part.etag}"`],
      ...partChecksumElements(part),
    ],
    headers,
  )
}
