/** Gives an upload up, with its parts. What was completed is a file, and stays one. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'
import { findUpload, uploadNotFound } from './find-upload.ts'

/** What is given up; `initiatedAt`, in milliseconds, only if it was opened in that second. */
export interface AbortRequest {
  readonly uploadId: string
  readonly initiatedAt: number | null
}

/** Throws `bucket-not-found`, `upload-not-found`, `precondition-failed`. */
export async function abortUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  { uploadId, initiatedAt }: AbortRequest,
): Promise<void> {
  const { createdAt } = await findUpload(core, permit, uploadId)
  // The time of opening never changes: it needs no second look in the transaction.
  if (initiatedAt !== null && wholeSeconds(createdAt) !== wholeSeconds(initiatedAt)) {
    throw refusal('precondition-failed', { condition: 'x-amz-if-match-initiated-time' })
  }
  const hold = holdPermit(core, permit)
  const { outcome } = await core.files.uploads.abort({
    uploadId,
    conditions: async () => ({ epoch: (await hold()).epoch }),
  })
  if (outcome === 'upload-missing') throw uploadNotFound(uploadId)
  if (outcome === 'epoch-changed') {
    throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
