/** The policy of a folder or of the instance, for whoever looks at it: what holds, who said so, since when, and why. */
import type { FolderChangeRecord, FolderQuota, Quota, Usage } from '../../catalog/records.ts'
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import type { CoreContext } from '../context.ts'
import { usageOf } from '../files/quota.ts'
import { pathOf, putFolder, readFolder, requireBucket } from './folders.ts'
import type { ObjectPath } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'
import { LINE_RULES } from '../policy/line-rules.ts'
import type { PolicyLine } from '../../policy-lines/policy-lines.ts'
import { PRESETS } from '../policy/presets.ts'
import type { PresetName } from '../policy/presets.ts'

export interface PolicyView {
  /** `''` for the instance. */
  readonly path: string
  /** Only what is said here. */
  readonly policy: FolderPolicy
  readonly lines: readonly EffectiveLine[]
  /** Of this folder and those above it, nearest first. */
  readonly quotas: readonly FilledQuota[]
  /** The last change; `null` if there was none. */
  readonly change: FolderChangeRecord | null
}

export interface EffectiveLine {
  readonly line: PolicyLine
  readonly value: FolderPolicy[PolicyLine]
  /** The path of the folder that decides it, `''` for the instance; `null` for the standard. */
  readonly from: string | null
}

/** What a folder may hold in all, and what it holds. */
export interface FilledQuota extends FolderQuota {
  readonly used: Usage
}

export interface PolicyWish {
  readonly preset: PresetName | undefined
  /** Beyond the preset, and instead of its lines. */
  readonly policy: FolderPolicy
  readonly reason: string | null
}

/** Throws `bucket-not-found`. */
export async function getPolicy(
  core: CoreContext,
  permit: Permit<'list' | 'admin'>,
): Promise<PolicyView> {
  await requireBucket(core, permit.path)
  return viewPolicy(core, permit.path)
}

/** Replaces the policy and leaves the visibility. Throws `bucket-not-found`, `field-invalid` with the line. */
export async function putPolicy(
  core: CoreContext,
  permit: Permit<'admin'>,
  wish: PolicyWish,
): Promise<PolicyView> {
  const { reason } = wish
  await putFolder(core, permit, { policy: linesOf(wish), reason })
  return viewPolicy(core, permit.path)
}

/** The lines that a wish comes to. */
export function linesOf({ preset, policy }: Omit<PolicyWish, 'reason'>): FolderPolicy {
  return preset === undefined ? policy : { ...PRESETS[preset], ...policy }
}

/** What the settings of the place were, the newest first. */
export async function listPolicyChanges(
  core: CoreContext,
  permit: Permit<'list' | 'admin'>,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly FolderChangeRecord[]> {
  await requireBucket(core, permit.path)
  return core.catalog.folders.changes(pathOf(permit.path), page.before, page.limit)
}

async function viewPolicy(core: CoreContext, at: ObjectPath): Promise<PolicyView> {
  const { own, here } = await readFolder(core, at)
  const path = pathOf(at)
  const [change = null] = await core.catalog.folders.changes(path, null, 1)
  const lines = LINE_RULES.flatMap(({ line }) => {
    const value = here.policy[line]
    return value === undefined ? [] : [{ line, value, from: here.policyFrom[line] ?? null }]
  })
  const quotas = await Promise.all(
    here.quotas.filter(isOfFolder).map(async (quota) => ({
      ...quota,
      used: await usageOf(core, quota),
    })),
  )
  return { path, policy: own?.policy ?? {}, lines, quotas, change }
}

function isOfFolder(quota: Quota): quota is FolderQuota {
  return 'path' in quota
}
