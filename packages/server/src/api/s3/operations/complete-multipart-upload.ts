/**
 * [S3-API] CompleteMultipartUpload. Rows are written and no byte, so the answer is there before S3's white space, which keeps a
 * connection alive while it joins bytes, would have been.
 */
import { publicFileUrl } from '../../../core/links/sign.ts'
import { completeUpload } from '../../../core/uploads/complete-upload.ts'
import type { CompletedUpload } from '../../../core/uploads/complete-upload.ts'
import { pushHeldId } from '../answers/held-id.ts'
import { xmlAnswer } from '../answers/answers.ts'
import { checksumName, formatChecksumType } from '../answers/checksum-headers.ts'
import type { XmlElement } from '../answers/xml.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { parseUploadClaims, readNamedParts } from '../uploads/completion.ts'
import { uploadIdOf } from '../uploads/part-parameters.ts'
import { parseUploadConditions } from '../uploads/upload-conditions.ts'
import { pushWrittenVersionId } from './versioning/version-id.ts'

export async function completeMultipartUpload(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const { core } = face
  const conditions = parseUploadConditions(request)
  const claims = parseUploadClaims(request)
  const parts = await readNamedParts(face, request)
  const uploadId = uploadIdOf(request)
  const completed = await completeUpload(core, permit, { uploadId, parts, claims, ...conditions })
  const headers = ['x-hallpass-file-id', completed.fileId]
  pushHeldId(headers, completed)
  pushWrittenVersionId(headers, completed.versionId)
  const { bucket, key } = request.path
  return xmlAnswer(
    'CompleteMultipartUploadResult',
    [
      ['Location', publicFileUrl(core, request.path)],
      ['Bucket', bucket],
      ['Key', key],
      ['ETag', `"${completed.etag}"`],
      ...formatChecksums(completed),
    ],
    headers,
  )
}

function formatChecksums({ checksums, partCount }: CompletedUpload): XmlElement[] {
  return checksums.flatMap((checksum): XmlElement[] => {
    const { algorithm, type, value } = checksum
    const text = type === 'composite' ? `${value}-${partCount}` : value
    return [
      [`Checksum${checksumName(algorithm)}`, text],
      ['ChecksumType', formatChecksumType(checksum)],
    ]
  })
}
