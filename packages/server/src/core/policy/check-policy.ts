/** Whether a policy can be set at a place: each line for itself, against what holds above, and against the others. */
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { nameOfFolder } from './name-of-folder.ts'
import { LINE_RULES } from './line-rules.ts'
import type { PolicyLine } from '../../policy-lines/policy-lines.ts'
import type { ResolvedPolicy } from './resolve-policy.ts'

/** `above` is what the folders above say; `null` for the instance, above which is nothing. Throws `field-invalid` with the line. */
export function checkPolicy(policy: FolderPolicy, above: ResolvedPolicy | null): void {
  for (const { line, explain } of LINE_RULES) {
    const unfit = explain(policy, above?.policy ?? null)
    if (unfit === null) continue
    if ('reason' in unfit) throw lineInvalid(line, unfit.reason)
    const where = unfit.isSaid
      ? `${nameOfFolder(above?.policyFrom[line])} says`
      : 'where no folder says it, it is'
    const outer = JSON.stringify(unfit.outer)
    throw lineInvalid(line, `${where} ${outer}, and a folder below can only tighten that`)
  }
  if (above === null) requireNoQuota(policy)
  checkTogether({ ...above?.policy, ...policy }, policy)
}

function requireNoQuota(policy: FolderPolicy): void {
  for (const line of ['maxTotalBytes', 'maxFiles'] as const) {
    if (policy[line] === undefined) continue
    throw lineInvalid(line, 'a bucket or a folder has a quota, and the instance has none')
  }
}

/** Pairs of which the first may not be more than the second. */
const ORDERED = [
  ['minBytes', 'maxBytes'],
  ['defaultDownloadSeconds', 'maxDownloadSeconds'],
  ['defaultUploadSeconds', 'maxUploadSeconds'],
] as const

/** Only what this policy says itself is to blame: a default that is usual above may be more than is allowed here. */
function checkTogether(holds: FolderPolicy, own: FolderPolicy): void {
  for (const [less, more] of ORDERED) {
    const small = holds[less] ?? 0
    const large = holds[more] ?? Number.POSITIVE_INFINITY
    const isOwn = own[less] !== undefined || (less === 'minBytes' && own[more] !== undefined)
    if (!isOwn || small <= large) continue
    const line = own[less] === undefined ? more : less
    throw lineInvalid(line, `${less} is ${small} here, and ${more} is ${large}`)
  }
}

function lineInvalid(line: PolicyLine, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field: `policy.${line}`, reason })
}
