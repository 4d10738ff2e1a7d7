/** `PUT /v1/files?path=`: the body is the file. */
import type { IncomingHttpHeaders } from 'node:http'
import { Type } from 'typebox'
import type { StoredHeaders } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import { decodeHeaderValue, isHeaderValue } from '../../../http/header-value.ts'
import { defineOperation } from '../operation.ts'
import { Path, strictObject } from '../schemas.ts'
import { FileSchema } from './file-view.ts'
import { storeUpload } from './store-upload.ts'

export const putFile = defineOperation({
  id: 'putFile',
  method: 'PUT',
  path: '/v1/files',
  tag: 'Files',
  summary: 'Upload a file as the body',
  description:
    'The file gets the `Content-Type`, `Content-Encoding`, `Content-Language` and `Cache-Control` of the request; without a type, the one that the ending of its name says. A bucket that is missing is made. A file at the path is replaced, unless the request carries `If-None-Match: *`.',
  access: 'key',
  bodyKind: 'stream',
  streamTypes: { 'application/octet-stream': Type.String({ format: 'binary' }) },
  query: strictObject({ path: Path }),
  answers: { 201: FileSchema, 200: FileSchema },
  handle: async ({ core, principal, query, request, stream, signal }) => {
    const length = request.headers['content-length']
    return storeUpload(core, principal, {
      path: query.path,
      contentType: readValue('content-type', request.headers['content-type']),
      headers: readStoredHeaders(request.headers),
      contentLength: length === undefined ? null : Number(length),
      ifNoneMatch: request.headers['if-none-match'],
      ifMatch: request.headers['if-match'],
      body: stream,
      signal,
    })
  },
})

const STORED = {
  'cache-control': 'cacheControl',
  'content-encoding': 'contentEncoding',
  'content-language': 'contentLanguage',
} as const satisfies Record<string, keyof StoredHeaders>

function readStoredHeaders(headers: IncomingHttpHeaders): StoredHeaders {
  const stored: { -readonly [Name in keyof StoredHeaders]: StoredHeaders[Name] } = {}
  for (const [name, property] of Object.entries(STORED)) {
    const value = readValue(name, headers[name])
    if (value !== null && value !== '') stored[property] = value
  }
  return stored
}

/** `null` if the header did not come. */
function readValue(field: string, received: string | string[] | undefined): string | null {
  if (typeof received !== 'string') return null
  const value = decodeHeaderValue(received)
  if (value !== null && isHeaderValue(value)) return value
  const reason = 'it is not UTF-8, or holds characters that no header can'
  throw refusal('field-invalid', { field, reason })
}
