/** Makes the file of an upload all of which has come. */
import type { HeldRecord } from '../../../catalog/held-steps.ts'
import type { CoreContext } from '../../context.ts'
import { isRefusal, refusal } from '../../errors.ts'
import { formatPath } from '../../paths.ts'
import type { Permit } from '../../policy/permit.ts'
import { completeUpload } from '../complete-upload.ts'
import { writePart } from '../write-part.ts'
import { keeps } from './begin-resumable.ts'
import { findResumable } from './find-resumable.ts'
import type { ResumableUpload } from './find-resumable.ts'

export interface FinishedResumable {
  readonly upload: ResumableUpload
  /** As it waits until it was looked at; `null` if it is a file already, or was asked for again. */
  readonly held: HeldRecord | null
}

/**
 * Does nothing for one that is not all there, or becomes no file by itself. Asked again it finds what it made. Throws `file-exists`,
 * `upload-not-found`, and what completing throws; then the upload is as it was.
 */
export async function finishResumable(
  core: CoreContext,
  permit: Permit<'write'>,
  upload: ResumableUpload,
): Promise<FinishedResumable> {
  const { id, terms, offset, finished } = upload
  const isReady = terms.kind !== 'partial' && terms.length === offset
  if (finished !== null || !isReady) return { upload, held: null }
  const { parts } = upload.parts.length > 0 ? upload : await withEmptyPart(core, permit, id)
  try {
    const { held } = await completeUpload(core, permit, {
      uploadId: id,
      parts: parts.map(({ number, etag }) => ({ number, etag, checksum: null })),
      claims: { size: offset, checksumType: null, checksum: null },
      isResumable: true,
      ...(keeps(permit, terms.overwrite) && { ifAbsent: true }),
    })
    return { upload: await findResumable(core, permit, id), held }
  } catch (error) {
    if (!isRefusal(error, 'precondition-failed')) throw error
    throw refusal('file-exists', { path: formatPath(permit.path) })
  }
}

/** A file is made of at least one part. */
async function withEmptyPart(
  core: CoreContext,
  permit: Permit<'write'>,
  id: string,
): Promise<ResumableUpload> {
  const nothing = { body: noBytes(), signal: new AbortController().signal }
  const request = { uploadId: id, number: 1, contentLength: 0, checksums: [], expected: () => [] }
  await writePart(core, permit, { ...request, isResumable: true }, nothing)
  return findResumable(core, permit, id)
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
