/** `POST /v1/files`: a multipart form with a folder and a file. */
import { Type } from 'typebox'
import { formatPath, parseFolderPath } from '../../../core/paths.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { FileSchema } from './file-view.ts'
import { storeUpload } from './store-upload.ts'
import { readUploadForm } from './upload-form.ts'

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
  answers: { 201: FileSchema, 200: FileSchema },
  handle: ({ core, principal, request, stream, signal }) =>
    readUploadForm(
      request.headers['content-type'],
      stream(),
      ({ folder, name, contentType, body }) =>
        storeUpload(core, principal, {
          path: formatPath(parseFolderPath(folder)) + name,
          contentType,
          headers: {},
          contentLength: null,
          ifNoneMatch: request.headers['if-none-match'],
          ifMatch: request.headers['if-match'],
          body: () => body,
          signal,
        }),
    ),
})
