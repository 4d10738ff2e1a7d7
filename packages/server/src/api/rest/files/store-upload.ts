/** What both uploads do: store the bytes, with their bucket if this is the first file in it, and answer with the file. */
import type { StoredHeaders } from '../../../catalog/records.ts'
import type { CoreContext } from '../../../core/context.ts'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { writeFile } from '../../../core/files/write-file.ts'
import type { WriteFileRequest } from '../../../core/files/write-file.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFilePath } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import type { RestAnswer } from '../operation.ts'
import { guessContentType } from './content-type.ts'
import { readPermit, viewFile } from './file-view.ts'

export interface Upload {
  /** Bucket and key in one. */
  readonly path: string
  /** As sent; `null`: the ending of the name says it. */
  readonly contentType: string | null
  /** Given back with the file as they came; the bytes are never decoded. */
  readonly headers: StoredHeaders
  readonly contentLength: number | null
  readonly ifNoneMatch: string | undefined
  readonly ifMatch: string | undefined
  readonly body: () => AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

export async function storeUpload(
  core: CoreContext,
  principal: Principal,
  upload: Upload,
): Promise<RestAnswer> {
  const path = parseFilePath(upload.path)
  const conditions = readConditions(upload)
  const permit = await authorize(core, principal, 'write', path)
  const request: WriteFileRequest = {
    contentType: upload.contentType ?? guessContentType(path.key),
    headers: upload.headers,
    metadata: {},
    contentLength: upload.contentLength,
    checksums: [],
    expected: () => [],
    makesBucket: true,
    ...conditions,
  }
  const { body, signal } = upload
  const { file, replaced } = await writeFile(core, permit, request, { body: body(), signal })
  return {
    status: replaced ? 200 : 201,
    headers: { location: `/v1/files/${file.id}`, 'x-hallpass-file-id': file.id },
    body: await viewFile(core, file, await readPermit(core, permit)),
  }
}

/** `If-None-Match: *` stores only what is not there yet; `If-Match` only over the version named [RFC9110 13.1]. */
function readConditions({
  ifNoneMatch,
  ifMatch,
}: Upload): Pick<WriteFileRequest, 'ifAbsent' | 'ifEtag'> {
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw unsupported('If-None-Match', 'it takes *')
  const etag = ifMatch === undefined ? null : /^"([0-9a-f]{32}(?:-\d{1,5})?)"$/.exec(ifMatch)?.[1]
  if (etag === undefined) throw unsupported('If-Match', 'it takes one ETag in quotes')
  return {
    ...(ifNoneMatch === undefined ? {} : { ifAbsent: true }),
    ...(etag === null ? {} : { ifEtag: etag }),
  }
}

function unsupported(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
