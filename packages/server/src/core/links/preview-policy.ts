/** What a change of a policy would do to the links that are out there: which of those that work would be refused, and by which line. */
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import type { FolderRecord, GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { DomainError } from '../errors.ts'
import { pathOf, readFolder, requireBucket } from '../folders/folders.ts'
import { resolveRecords } from '../policy/resolve-folder.ts'
import { listLinks } from './links.ts'
import { INSTANCE, folderOf, foldersOf } from '../paths.ts'
import { checkPolicy } from '../policy/check-policy.ts'
import { findBrokenTerm, termsOfGrant } from '../policy/folder-rules.ts'
import type { Permit } from '../policy/permit.ts'

export interface PolicyPreview {
  readonly refused: readonly RefusedLink[]
  /** How many living links were looked at. */
  readonly examined: number
  /** The id of the link to go on after; `null` at the end. */
  readonly next: string | null
}

export interface RefusedLink {
  readonly grant: GrantRecord
  readonly rule: string
  readonly refusal: DomainError
}

/**
 * One page of links below the place, newest first. Links without a record are not among them: those that come with files, and those
 * that clients presign. Throws `bucket-not-found`, and `field-invalid` for a policy that could not be set.
 */
export async function previewPolicy(
  core: CoreContext,
  permit: Permit<'share' | 'admin'>,
  policy: FolderPolicy,
  page: { readonly before: string | null; readonly limit: number },
): Promise<PolicyPreview> {
  const path = pathOf(permit.path)
  await requireBucket(core, permit.path)
  const { above } = await readFolder(core, permit.path)
  checkPolicy(policy, path === INSTANCE ? null : above)
  const query = { ...page, createdBy: null, status: 'active' } as const
  const { links, next } = await listLinks(core, permit, query)
  const resolve = createComparison(core, { path, policy })
  const refused: RefusedLink[] = []
  for (const { grant } of links) {
    const { before, after } = await resolve(grant)
    const terms = termsOfGrant(grant)
    const broken = findBrokenTerm(after, terms)
    if (broken === null || findBrokenTerm(before, terms) !== null) continue
    refused.push({ grant, ...broken })
  }
  return { refused, examined: links.length, next }
}

interface Compared {
  readonly before: ReturnType<typeof resolveRecords>
  readonly after: ReturnType<typeof resolveRecords>
}

/** What holds for a link now, and what would; looks at each folder once. */
export function createComparison(
  core: CoreContext,
  change: Pick<FolderRecord, 'path' | 'policy'>,
): (grant: GrantRecord) => Promise<Compared> {
  const known = new Map<string, Compared>()
  return async ({ bucket, key }) => {
    const folder = `${bucket}/${folderOf(key)}`
    const compared = known.get(folder) ?? (await compare(core, [bucket, key], change))
    known.set(folder, compared)
    return compared
  }
}

async function compare(
  core: CoreContext,
  [bucket, key]: readonly [string, string],
  { path, policy }: Pick<FolderRecord, 'path' | 'policy'>,
): Promise<Compared> {
  const paths = [...foldersOf(bucket, key), INSTANCE]
  const records = await core.catalog.folders.findMany(paths)
  const changed = paths.flatMap((at): FolderRecord[] => {
    const record = records.find((found) => found.path === at)
    if (at !== path) return record === undefined ? [] : [record]
    return [{ path, visibility: null, updatedAt: 0, ...record, policy }]
  })
  return { before: resolveRecords(records), after: resolveRecords(changed) }
}
