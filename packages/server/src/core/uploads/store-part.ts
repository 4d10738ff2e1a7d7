/** What becomes of a part that was handed to the tree, for bytes that came and for bytes that are copied. */
import type { PartConditions, PartOutcome } from '../../catalog/file-steps.ts'
import type { PartRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import { refusal } from '../errors.ts'
import { quotaExceeded } from '../files/quota.ts'
import { MAX_OPEN_BYTES } from '../limits.ts'
import type { Permit } from '../policy/permit.ts'
import { uploadNotFound } from './find-upload.ts'

export function partConditions({ epoch, quotas }: Permit<'write'>): PartConditions {
  return { epoch, quotas, maxOpenBytes: MAX_OPEN_BYTES }
}

/** The part, if it is stored; `null` if what was to be copied is gone. Throws `upload-not-found`, `upload-limit`, `quota-exceeded`. */
export function storedPart(
  { quotas }: Permit<'write'>,
  outcome: PartOutcome,
  uploadId: string,
): PartRecord | null {
  switch (outcome.outcome) {
    case 'stored':
      return outcome.part
    case 'file-missing':
      return null
    case 'upload-missing':
      throw uploadNotFound(uploadId)
    case 'offset-moved':
      throw refusal('upload-offset-wrong', {})
    case 'too-many-bytes':
      throw refusal('upload-limit', { of: 'bytes', limit: MAX_OPEN_BYTES })
    case 'over-quota':
      throw quotaExceeded(quotas)
    case 'epoch-changed':
      throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
}
