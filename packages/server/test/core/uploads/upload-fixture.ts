/** Uploads in parts, as the bearer of some key begins and ends them. */
import type { PartRecord, UploadRecord } from '../../../src/catalog/records.ts'
import type { Caller } from '../../../src/core/identity.ts'
import { completeUpload } from '../../../src/core/uploads/complete-upload.ts'
import type {
  CompletedUpload,
  CompleteUploadRequest,
} from '../../../src/core/uploads/complete-upload.ts'
import { openUpload } from '../../../src/core/uploads/open-upload.ts'
import type { OpenUploadRequest } from '../../../src/core/uploads/open-upload.ts'
import { writePart } from '../../../src/core/uploads/write-part.ts'
import { admin, allow, streamOf } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

export interface UploadScene {
  readonly core: TestCore
  readonly key: string
  readonly caller?: Caller
}

export async function openAt(
  { core, key, caller = admin }: UploadScene,
  change: Partial<OpenUploadRequest> = {},
): Promise<UploadRecord> {
  return openUpload(core, await allow(core, caller, 'write', key), {
    contentType: 'text/plain',
    headers: {},
    metadata: {},
    tags: {},
    checksum: null,
    ...change,
  })
}

export async function send(
  { core, key, caller = admin }: UploadScene,
  uploadId: string,
  { number, bytes }: { readonly number: number; readonly bytes: Uint8Array },
): Promise<PartRecord> {
  const permit = await allow(core, caller, 'write', key)
  const request = {
    uploadId,
    number,
    contentLength: bytes.length,
    checksums: [],
    expected: () => [],
  }
  const body = bytes.length === 0 ? streamOf() : streamOf(bytes)
  return writePart(core, permit, request, { body, signal: new AbortController().signal })
}

export async function complete(
  { core, key, caller = admin }: UploadScene,
  uploadId: string,
  parts: readonly Pick<PartRecord, 'number' | 'etag'>[],
  more: Partial<CompleteUploadRequest> = {},
): Promise<CompletedUpload> {
  return completeUpload(core, await allow(core, caller, 'write', key), {
    uploadId,
    parts: parts.map(({ number, etag }) => ({ number, etag, checksum: null })),
    claims: { size: null, checksumType: null, checksum: null },
    ...more,
  })
}
