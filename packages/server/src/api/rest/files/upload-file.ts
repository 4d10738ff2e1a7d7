/** `POST /v1/files`: a multipart form with a folder and a file. */
import { Type } from 'typebox'
import { refusal } from '../../../core/errors.ts'
import { formatPath, parseFolderPath } from '../../../core/paths.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import type { RawHeaders } from '../../../http/raw-headers.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { DIGEST_HEADERS } from './announced-digests.ts'
import { HeldSchema } from '../quarantine/held-view.ts'
import { FileSchema } from './file-view.ts'
import { storeUpload } from './store-upload.ts'
import { readUploadForm } from './upload-form.ts'
import { ConditionHeaders, readPreconditions } from './upload-headers.ts'

const Form = strictObject({
  folder: Type.String({ description: 'Where the file goes: `bucket/some/folder`.' }),
  file: Type.String({ format: 'binary' }),
})

export const uploadFile = defineOperation({
  id: 'uploadFile',
  method: 'POST',
  path: '/v1/files',
  tag: 'Files',
  summary: 'Upload a file with a form',
  description:
    'The field `folder` comes first; a file of at most 1 MiB may come before it. A bucket that is missing is made. A file of the same name is replaced, unless the request carries `If-None-Match: *`.',
  access: 'key',
  bodyKind: 'stream',
  streamTypes: { 'multipart/form-data': Form },
  headers: ConditionHeaders,
  answers: { 201: FileSchema, 200: FileSchema, 202: HeldSchema },
  handle: ({ core, principal, request, stream, signal }) => {
    const headers = request.rawHeaders
    refuseDigests(headers)
    return readUploadForm(
      request.headers['content-type'],
      stream(),
      ({ folder, name, contentType, body }) =>
        storeUpload(core, principal, {
          path: formatPath(parseFolderPath(folder)) + name,
          contentType,
          headers: {},
          metadata: {},
          digests: [],
          contentLength: null,
          conditions: readPreconditions(headers),
          body: () => body,
          signal,
        }),
    )
  },
})

/** They would be of the form, and what is asked for is that of the file. */
function refuseDigests(headers: RawHeaders): void {
  const field = DIGEST_HEADERS.find((name) => findHeader(headers, name) !== null)
  if (field === undefined) return
  const reason = 'a form is not compared with a digest; PUT /v1/files compares a file'
  throw refusal('field-invalid', { field, reason })
}
