/** What both uploads do: store the bytes, with their bucket if this is the first file in it, and answer with the file. */
import type { ChecksumAlgorithm, StoredHeaders } from '../../../catalog/records.ts'
import type { CoreContext } from '../../../core/context.ts'
import type { ExpectedDigest } from '../../../core/files/checked-body.ts'
import type { Metadata } from '../../../core/files/metadata.ts'
import { writeFile } from '../../../core/files/write-file.ts'
import type { WriteFileRequest, WritePreconditions } from '../../../core/files/write-file.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFilePath } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import type { RestAnswer } from '../operation.ts'
import { answerHeld } from '../quarantine/answer-held.ts'
import { guessContentType } from '../../content-type.ts'
import { readPermit, viewFile } from './file-view.ts'

export interface Upload {
  /** Bucket and key in one. */
  readonly path: string
  /** As sent; `null`: the ending of the name says it. */
  readonly contentType: string | null
  /** Given back with the file as they came; the bytes are never decoded. */
  readonly headers: StoredHeaders
  readonly metadata: Metadata
  /** What the body must hash to. */
  readonly digests: readonly ExpectedDigest[]
  readonly contentLength: number | null
  readonly conditions: WritePreconditions
  readonly body: () => AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

export async function storeUpload(
  core: CoreContext,
  principal: Principal,
  upload: Upload,
): Promise<RestAnswer> {
  const path = parseFilePath(upload.path)
  const permit = await authorize(core, principal, 'write', path)
  const request: WriteFileRequest = {
    contentType: upload.contentType ?? guessContentType(path.key),
    headers: upload.headers,
    metadata: upload.metadata,
    contentLength: upload.contentLength,
    checksums: algorithmsOf(upload.digests),
    expected: () => upload.digests,
    makesBucket: true,
    ...upload.conditions,
  }
  const { body, signal } = upload
  const written = await writeFile(core, permit, request, { body: body(), signal })
  const { file, replaced, held } = written
  if (held !== null) return answerHeld(held)
  return {
    status: replaced ? 200 : 201,
    headers: { location: `/v1/files/${file.id}`, 'x-hallpass-file-id': file.id },
    body: await viewFile(core, file, await readPermit(core, permit)),
  }
}

/** Those that are not computed of every file anyway. */
function algorithmsOf(digests: readonly ExpectedDigest[]): ChecksumAlgorithm[] {
  return digests
    .map(({ algorithm }) => algorithm)
    .filter((algorithm) => algorithm !== 'md5' && algorithm !== 'sha256')
}
