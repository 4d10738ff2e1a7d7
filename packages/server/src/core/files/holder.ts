/** Whether what is written under a permit waits until it was looked at, and who may see it meanwhile. */
import type { WriteConditions } from '../../catalog/file-steps.ts'
import { callerId } from '../identity.ts'
import type { Permit } from '../policy/permit.ts'

/** Of an upload link the key that issued it: nobody holds the one that signed it. */
export function holderOf({
  folder,
  grant,
  caller,
}: Permit<'write'>): Pick<WriteConditions, 'holder'> {
  return folder.policy.quarantine === undefined
    ? {}
    : { holder: grant?.createdBy ?? callerId(caller) }
}
