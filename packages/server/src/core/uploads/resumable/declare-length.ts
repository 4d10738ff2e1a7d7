/** Says how long an upload will be that was begun without; once. */
import { storeUnavailable } from '../../../platform/store-errors.ts'
import type { CoreContext } from '../../context.ts'
import { refusal } from '../../errors.ts'
import { checkObjectSize } from '../../files/object-size.ts'
import { holdPermit } from '../../policy/hold-permit.ts'
import type { Permit } from '../../policy/permit.ts'
import { findResumable } from './find-resumable.ts'
import type { ResumableUpload } from './find-resumable.ts'

/** Throws `upload-claim-wrong` for another length than before, or less than has come; `file-too-large`, `file-too-small`. */
export async function declareLength(
  core: CoreContext,
  permit: Permit<'write'>,
  upload: ResumableUpload,
  length: number,
): Promise<ResumableUpload> {
  const { id, terms, offset } = upload
  if (terms.length === length) return upload
  if (terms.length !== null)
    throw wrong(`The upload has ${terms.length} bytes, as was said before.`)
  if (length < offset) throw wrong(`More bytes have come than ${length}: ${offset}.`)
  checkObjectSize(terms.kind === 'partial' ? { ...permit, minBytes: 0 } : permit, length)
  const hold = holdPermit(core, permit)
  const { outcome } = await core.files.uploads.declareLength({
    uploadId: id,
    length,
    conditions: async () => ({ epoch: (await hold()).epoch }),
  })
  if (outcome === 'epoch-changed') {
    throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
  const now = await findResumable(core, permit, id)
  if (now.terms.length === length) return now
  throw wrong(`The upload has ${now.terms.length} bytes, as was said before.`)
}

function wrong(reason: string): Error {
  return refusal('upload-claim-wrong', { reason })
}
