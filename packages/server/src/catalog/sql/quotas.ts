/** Quotas of folders: what they hold is counted once they have one, and a write that would take more is undone. */
import { sql } from 'kysely'
import { prefixEnd } from '../key-order.ts'
import type { FolderPolicy, FolderUsage, Quota } from '../records.ts'
import { folderUsage } from '../tables/folder-usage.ts'
import type { StoredFolderUsage } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

/** Thrown in a transaction, which changes nothing then. */
export class OverQuota extends Error {
  override readonly name: string = 'OverQuota'
}

/** For outcomes of a write. */
export async function orOverQuota<Outcome>(
  writing: Promise<Outcome>,
): Promise<Outcome | { readonly outcome: 'over-quota' }> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof OverQuota) return { outcome: 'over-quota' }
    throw error
  }
}

export interface QuotaScripts {
  /** Counts from now on what a folder holds whose policy has a quota, and no longer what one holds that has none. */
  follow(path: string, policy: FolderPolicy): Script<void>
  /** Runs a change; throws `OverQuota` if a folder would hold more than it may, and more than before. */
  keep<Result>(quotas: readonly Quota[], change: Script<Result>): Script<Result>
  usage(path: string): Script<FolderUsage | null>
}

export function createQuotaScripts(engine: SqlEngine): QuotaScripts {
  const at = prepareUsage(engine)

  function* usage(path: string): Script<FolderUsage | null> {
    return (yield* at.find.get({ path })) ?? null
  }

  return {
    usage,
    *follow(path, policy) {
      const isBounded = policy.maxTotalBytes !== undefined || policy.maxFiles !== undefined
      if (!isBounded || path === '') {
        yield* at.remove.run({ path })
        return
      }
      if ((yield* usage(path)) !== null) return
      const place = placeOf(path)
      const held = (yield* at.sumFiles.get(place)) ?? NOTHING
      const behind = (yield* at.sumVersions.get(place)) ?? NOTHING
      const waiting = (yield* at.sumWaiting.get(place)) ?? NOTHING
      const bytes = held.bytes + behind.bytes + waiting.bytes
      yield* at.insert.run({ path, ...place, bytes, files: held.files + waiting.files })
    },
    *keep(quotas, change) {
      if (quotas.length === 0) return yield* change
      const before: (FolderUsage | null)[] = []
      for (const { path } of quotas) before.push(yield* usage(path))
      const result = yield* change
      for (const [index, quota] of quotas.entries()) {
        const held = before[index] ?? NOTHING
        if (exceeds(quota, (yield* usage(quota.path)) ?? NOTHING, held)) throw new OverQuota()
      }
      return result
    },
  }
}

const NOTHING: FolderUsage = { bytes: 0, files: 0 }

function exceeds(quota: Quota, after: FolderUsage, before: FolderUsage): boolean {
  const { maxBytes, maxFiles } = quota
  return (
    (maxBytes !== null && after.bytes > maxBytes && after.bytes > before.bytes) ||
    (maxFiles !== null && after.files > maxFiles && after.files > before.files)
  )
}

type Place = Pick<StoredFolderUsage, 'bucket' | 'prefix' | 'prefixEnd'>

function placeOf(path: string): Place {
  const slash = path.indexOf('/')
  const prefix = path.slice(slash + 1)
  return {
    bucket: path.slice(0, slash),
    prefix,
    prefixEnd: prefix === '' ? null : prefixEnd(prefix),
  }
}

interface UsageStatements {
  readonly find: Statement<{ path: string }, FolderUsage>
  readonly insert: Statement<StoredFolderUsage, unknown>
  readonly remove: Statement<{ path: string }, unknown>
  readonly sumFiles: Statement<Place, FolderUsage>
  readonly sumVersions: Statement<Place, { bytes: number }>
  /** Those that wait until they were looked at. */
  readonly sumWaiting: Statement<Place, FolderUsage>
}

function prepareUsage({ query, prepare }: SqlEngine): UsageStatements {
  const bytes = sql<number>`coalesce(sum(size), 0)`.as('bytes')
  const within = (v: Place) =>
    sql<boolean>`bucket = ${v.bucket} and key >= ${v.prefix} and (cast(${v.prefixEnd} as text) is null or key < ${v.prefixEnd})`
  return {
    find: prepare((v: { path: string }) =>
      query.selectFrom('folder_usage').select(['bytes', 'files']).where('path', '=', v.path),
    ),
    insert: prepare((v: StoredFolderUsage) =>
      query.insertInto('folder_usage').values(folderUsage.every(v)),
    ),
    remove: prepare((v: { path: string }) =>
      query.deleteFrom('folder_usage').where('path', '=', v.path),
    ),
    sumFiles: prepare((v: Place) =>
      query
        .selectFrom('files')
        .select([bytes, sql<number>`count(*)`.as('files')])
        .where(within(v)),
    ),
    sumWaiting: prepare((v: Place) =>
      query
        .selectFrom('held_files')
        .select([bytes, sql<number>`coalesce(sum(is_new), 0)`.as('files')])
        .where('state', '=', sql.lit('waiting'))
        .where('move', 'is', sql.lit(null))
        .where(within(v)),
    ),
    sumVersions: prepare((v: Place) => query.selectFrom('versions').select(bytes).where(within(v))),
  }
}
