/** What holds at a place, line by line, and who said so: the standard, the instance, and every folder above. Pure. */
import type { FolderRecord, Quota } from '../../catalog/records.ts'
import { INSTANCE } from '../paths.ts'
import { LINE_RULES, STANDARD_POLICY } from './line-rules.ts'
import type { EffectivePolicy, PolicyDraft } from './line-rules.ts'
import type { PolicyLine } from '../../policy-lines/policy-lines.ts'

export interface ResolvedPolicy {
  readonly policy: EffectivePolicy
  /** The path of the folder that decided a line; none of lines that are as the standard has them. */
  readonly policyFrom: PolicySources
  /** Of each folder for itself: what one of them has left, another may not have. */
  readonly quotas: readonly Quota[]
}

export type PolicySources = { readonly [Line in PolicyLine]?: string | undefined }

/** Of records nearest first, the instance's last. */
export function resolvePolicy(
  records: readonly Pick<FolderRecord, 'path' | 'policy'>[],
): ResolvedPolicy {
  const draft: PolicyDraft = { ...STANDARD_POLICY }
  const policyFrom: { [Line in PolicyLine]?: string | undefined } = {}
  for (const { path, policy } of records.toReversed()) {
    // The instance replaces the standard; everything below it narrows.
    for (const { line, apply } of LINE_RULES) {
      if (apply(draft, policy, path === INSTANCE)) policyFrom[line] = path
    }
  }
  for (const [usual, longest] of USUAL) {
    const most = draft[longest] ?? STANDARD_POLICY[longest]
    if ((draft[usual] ?? 0) <= most) continue
    draft[usual] = most
    policyFrom[usual] = policyFrom[longest]
  }
  return { policy: { ...STANDARD_POLICY, ...draft }, policyFrom, quotas: records.flatMap(quotaOf) }
}

function quotaOf({ path, policy }: Pick<FolderRecord, 'path' | 'policy'>): readonly Quota[] {
  const { maxTotalBytes: maxBytes = null, maxFiles = null } = policy
  return maxBytes === null && maxFiles === null ? [] : [{ path, maxBytes, maxFiles }]
}

/** What is usual is never more than what is allowed. */
const USUAL = [
  ['defaultDownloadSeconds', 'maxDownloadSeconds'],
  ['defaultUploadSeconds', 'maxUploadSeconds'],
] as const
