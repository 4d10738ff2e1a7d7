import { callerId, isLink } from '../identity.ts'
import type { Permit } from '../policy/permit.ts'

/** Whose count of open uploads it is in: whoever comes by a link is none of those who hold a key. */
export function openerOf({ caller, grant }: Permit): string {
  return isLink(caller) && grant !== null ? grant.id : callerId(caller)
}
