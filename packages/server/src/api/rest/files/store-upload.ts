/** What both uploads do: make the bucket if this is the first file in it, store the bytes, answer with the file. */
import type { StoredHeaders } from '../../../catalog/records.ts'
import type { CoreContext } from '../../../core/context.ts'
import { DomainError, isDomainError } from '../../../core/errors.ts'
import { createBucket } from '../../../core/files/buckets.ts'
import { admitWrite, writeFile } from '../../../core/files/write-file.ts'
import type { WriteFileRequest } from '../../../core/files/write-file.ts'
import { resolveFolder } from '../../../core/folders/resolve-folder.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFilePath } from '../../../core/paths.ts'
import type { RestAnswer } from '../operation.ts'
import { viewFile } from '../views.ts'

export interface Upload {
  /** Bucket and key in one. */
  readonly path: string
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
  const request: WriteFileRequest = {
    ...parseFilePath(upload.path),
    contentType: upload.contentType,
    headers: upload.headers,
    metadata: {},
    contentLength: upload.contentLength,
    checksums: [],
    expected: () => [],
    ...readConditions(upload),
  }
  await admitWithBucket(core, principal, request)
  const { body, signal } = upload
  const { file, replaced } = await writeFile(core, principal, request, { body: body(), signal })
  const { visibility } = await resolveFolder(core, file.bucket, file.key)
  const mayRead = principal.scope.actions.includes('read')
  return {
    status: replaced ? 200 : 201,
    headers: { location: `/v1/files/${file.id}` },
    body: await viewFile(core, file, { visibility, mayRead }),
  }
}

/** A first upload makes its bucket, if the key may write at the bucket's root. */
async function admitWithBucket(
  core: CoreContext,
  principal: Principal,
  request: WriteFileRequest,
): Promise<void> {
  try {
    await admitWrite(core, principal, request)
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'bucket-not-found') throw error
    await createMissingBucket(core, principal, request.bucket)
    await admitWrite(core, principal, request)
  }
}

async function createMissingBucket(
  core: CoreContext,
  principal: Principal,
  bucket: string,
): Promise<void> {
  try {
    await createBucket(core, principal, bucket)
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'forbidden') throw error
    const message = `There is no bucket ${bucket}, and this key may not make it: it writes under ${principal.scope.pathPrefix} only.`
    throw new DomainError('bucket-not-found', message, { bucket }, error)
  }
}

/** `If-None-Match: *` stores only what is not there yet; `If-Match` only over the version named [RFC9110 13.1]. */
function readConditions({
  ifNoneMatch,
  ifMatch,
}: Upload): Pick<WriteFileRequest, 'ifAbsent' | 'ifEtag'> {
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw unsupported('If-None-Match', 'it takes *')
  const etag = ifMatch === undefined ? null : /^"([0-9a-f]{32})"$/.exec(ifMatch)?.[1]
  if (etag === undefined) throw unsupported('If-Match', 'it takes one ETag in quotes')
  return {
    ...(ifNoneMatch === undefined ? {} : { ifAbsent: true }),
    ...(etag === null ? {} : { ifEtag: etag }),
  }
}

function unsupported(field: string, reason: string): DomainError<'field-invalid'> {
  return new DomainError('field-invalid', `${field}: ${reason}.`, { field, reason })
}
