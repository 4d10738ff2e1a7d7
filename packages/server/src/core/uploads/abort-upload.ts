/** Gives an upload up, with its parts. What was completed is a file, and stays one. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'
import { findUpload, uploadNotFound } from './find-upload.ts'

/** Throws `bucket-not-found`, `upload-not-found`. */
export async function abortUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  uploadId: string,
): Promise<void> {
  await findUpload(core, permit, uploadId)
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
