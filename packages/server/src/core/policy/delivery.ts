/** How bytes reach whoever may have them, as the policy of a folder says it. */
import type { Delivery } from '../../policy-lines/policy-lines.ts'
import type { ResolvedFolder } from './resolve-folder.ts'

export function deliveryOf({ policy }: Pick<ResolvedFolder, 'policy'>): Delivery {
  return policy.delivery ?? 'proxied'
}
