/** `PUT /v1/files?path=`: the body is the file. */
import { Type } from 'typebox'
import { defineOperation } from '../operation.ts'
import { Path, strictObject } from '../schemas.ts'
import { DIGEST_HEADERS, readAnnouncedDigests } from './announced-digests.ts'
import { HeldSchema } from '../quarantine/held-view.ts'
import { FileSchema } from './file-view.ts'
import { storeUpload } from './store-upload.ts'
import {
  ConditionHeaders,
  readContentType,
  readMetadata,
  readPreconditions,
  readStoredHeaders,
  refuseUnknownHeaders,
} from './upload-headers.ts'

const Text = Type.Optional(Type.String())

const RequestHeaders = Type.Object({
  ...ConditionHeaders.properties,
  'Cache-Control': Text,
  'Content-Disposition': Text,
  'Content-Encoding': Text,
  'Content-Language': Text,
  Expires: Text,
  'x-amz-meta-*': Type.Optional(
    Type.String({ description: 'As many as you like: what stands for `*` is the name.' }),
  ),
  ...Object.fromEntries(DIGEST_HEADERS.map((name) => [name, Text])),
})

export const putFile = defineOperation({
  id: 'putFile',
  method: 'PUT',
  path: '/v1/files',
  tag: 'Files',
  summary: 'Upload a file as the body',
  description:
    'The file gets the `Content-Type`, `Content-Disposition`, `Content-Encoding`, `Content-Language`, `Cache-Control` and `Expires` of the request, and its `x-amz-meta-*`; without a type, the one that the ending of its name says. A digest in any of the headers below is compared with the body, and nothing is stored if it is another. A bucket that is missing is made. A file at the path is replaced, unless the request carries `If-None-Match: *`.',
  access: 'key',
  bodyKind: 'stream',
  streamTypes: { 'application/octet-stream': Type.String({ format: 'binary' }) },
  query: strictObject({ path: Path }),
  headers: RequestHeaders,
  answers: { 201: FileSchema, 200: FileSchema, 202: HeldSchema },
  handle: async ({ core, principal, query, request, stream, signal }) => {
    const headers = request.rawHeaders
    refuseUnknownHeaders(headers)
    const length = request.headers['content-length']
    return storeUpload(core, principal, {
      path: query.path,
      contentType: readContentType(headers),
      headers: readStoredHeaders(headers),
      metadata: readMetadata(headers),
      digests: readAnnouncedDigests(headers),
      contentLength: length === undefined ? null : Number(length),
      conditions: readPreconditions(headers),
      body: stream,
      signal,
    })
  },
})
