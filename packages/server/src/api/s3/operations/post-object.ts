/** [S3-API] POST Object: a file out of the form of a web page, as far as its policy goes. */
import { writeFile } from '../../../core/files/write-file.ts'
import { pushHeldId } from '../answers/held-id.ts'
import { formatPostAnswer } from '../answers/post-answer.ts'
import { renderStoredPage } from '../answers/stored-page.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { toUploadRequest } from '../uploads/form-fields.ts'
import { parseFormTagging } from '../uploads/tagging-document.ts'
import { abortWith, checksumsOf } from '../uploads/upload-body.ts'
import { parseUploadDigests, requireOneChecksum } from '../uploads/upload-checksums.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import {
  DEFAULT_TYPE,
  parseContentType,
  parseMetadata,
  parseStoredHeaders,
  refuseReservedHeaders,
} from '../uploads/upload-headers.ts'

import { pushWrittenVersionId } from './versioning/version-id.ts'

export async function postObject(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const { form, source } = request
  if (form === undefined) throw new Error('A form was routed here that nobody has read.')
  const upload = toUploadRequest(request, form)
  refuseUnsupportedFeatures(upload)
  refuseReservedHeaders(upload)
  const digests = parseUploadDigests(upload)
  const checksums = checksumsOf(digests)
  requireOneChecksum(upload, checksums)
  const written = await writeFile(
    face.core,
    permit,
    {
      contentType: parseContentType(upload) ?? DEFAULT_TYPE,
      headers: parseStoredHeaders(upload),
      metadata: parseMetadata(upload),
      tags: parseFormTagging(form.fields.get('tagging')),
      contentLength: null,
      checksums,
      expected: () => digests,
    },
    { body: form.file, signal: abortWith(source.response) },
  )
  const result = { written, checksums }
  const answer =
    renderStoredPage(request, { caller: permit.caller, fields: form.fields }, result) ??
    formatPostAnswer(face.core, form.fields, result)
  const headers = [...answer.headers]
  pushHeldId(headers, written)
  pushWrittenVersionId(headers, written.file.versionId)
  return { ...answer, headers }
}
