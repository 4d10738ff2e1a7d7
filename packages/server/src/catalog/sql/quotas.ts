/** Quotas of folders and keys: what they hold is counted once they have one, and a write that would take more is undone. */
import { sql } from 'kysely'
import { prefixEnd } from '../key-order.ts'
import type { WriteConditions } from '../file-steps.ts'
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import type { FolderQuota, KeyQuota, KeyScope, Quota, Usage } from '../records.ts'
import { folderUsage } from '../tables/folder-usage.ts'
import { keyUsage } from '../tables/key-usage.ts'
import type { StoredFolderUsage } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'
import type { RecordOf } from '../table.ts'

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
  /** Counts what is stored with a new key, if it has a quota of its own. */
  followKey(key: { readonly id: string; readonly scope: KeyScope }): Script<void>
  /** Runs a change; throws `OverQuota` if a folder or a key would hold more than it may, and more than before. */
  keep<Result>(quotas: readonly Quota[], change: Script<Result>): Script<Result>
  /** `null` where nothing is counted. */
  usage(of: Bounded): Script<Usage | null>
}

/** A folder or a key with a quota. */
type Bounded = Pick<FolderQuota, 'path'> | Pick<KeyQuota, 'keyId'>

/** What a write takes a lock on, that no other write takes the same room. */
export function nameOfQuota(quota: Quota): string {
  return 'keyId' in quota ? `quota of key ${quota.keyId}` : `quota ${quota.path}`
}

/** The key that what is stored counts for. */
export function quotaKeyOf({ quotas = [] }: Pick<WriteConditions, 'quotas'>): string {
  const bounded = quotas.find((quota) => 'keyId' in quota)
  return bounded?.keyId ?? ''
}

export function createQuotaScripts(engine: SqlEngine): QuotaScripts {
  const at = prepareUsage(engine)

  function* usage(of: Bounded): Script<Usage | null> {
    const found =
      'keyId' in of ? at.findKey.get({ keyId: of.keyId }) : at.find.get({ path: of.path })
    return (yield* found) ?? null
  }

  return {
    usage,
    *follow(path, policy) {
      const isBounded = policy.maxTotalBytes !== undefined || policy.maxFiles !== undefined
      if (!isBounded || path === '') {
        yield* at.remove.run({ path })
        return
      }
      if ((yield* at.find.get({ path })) !== undefined) return
      const place = placeOf(path)
      const held = (yield* at.sumFiles.get(place)) ?? NOTHING
      const behind = (yield* at.sumVersions.get(place)) ?? NOTHING
      const waiting = (yield* at.sumWaiting.get(place)) ?? NOTHING
      const open = (yield* at.sumParts.get(place)) ?? NOTHING
      const bytes = held.bytes + behind.bytes + waiting.bytes + open.bytes
      yield* at.insert.run({ path, ...place, bytes, files: held.files + waiting.files })
    },
    *followKey({ id, scope }) {
      if (scope.quota?.keyId === id) yield* at.insertKey.run({ keyId: id, ...NOTHING })
    },
    *keep(quotas, change) {
      if (quotas.length === 0) return yield* change
      const before: (Usage | null)[] = []
      for (const quota of quotas) before.push(yield* usage(quota))
      const result = yield* change
      for (const [index, quota] of quotas.entries()) {
        const held = before[index] ?? NOTHING
        if (exceeds(quota, (yield* usage(quota)) ?? NOTHING, held)) throw new OverQuota()
      }
      return result
    },
  }
}

const NOTHING: Usage = { bytes: 0, files: 0 }

function exceeds(quota: Quota, after: Usage, before: Usage): boolean {
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
  readonly find: Statement<{ path: string }, Usage>
  readonly findKey: Statement<{ keyId: string }, Usage>
  readonly insertKey: Statement<RecordOf<typeof keyUsage>, unknown>
  readonly insert: Statement<StoredFolderUsage, unknown>
  readonly remove: Statement<{ path: string }, unknown>
  readonly sumFiles: Statement<Place, Usage>
  readonly sumVersions: Statement<Place, { bytes: number }>
  /** Those that wait until they were looked at. */
  readonly sumWaiting: Statement<Place, Usage>
  readonly sumParts: Statement<Place, { bytes: number }>
}

function prepareUsage({ query, prepare }: SqlEngine): UsageStatements {
  const bytes = sql<number>`coalesce(sum(size), 0)`.as('bytes')
  const within = (v: Place) =>
    sql<boolean>`bucket = ${v.bucket} and key >= ${v.prefix} and (cast(${v.prefixEnd} as text) is null or key < ${v.prefixEnd})`
  return {
    find: prepare((v: { path: string }) =>
      query.selectFrom('folder_usage').select(['bytes', 'files']).where('path', '=', v.path),
    ),
    findKey: prepare((v: { keyId: string }) =>
      query.selectFrom('key_usage').select(['bytes', 'files']).where('key_id', '=', v.keyId),
    ),
    insertKey: prepare((v: RecordOf<typeof keyUsage>) =>
      query.insertInto('key_usage').values(keyUsage.every(v)),
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
    sumParts: prepare((v: Place) =>
      query
        .selectFrom('parts')
        .innerJoin('uploads', 'uploads.id', 'parts.upload_id')
        .select(bytes)
        .where(within(v)),
    ),
    sumVersions: prepare((v: Place) => query.selectFrom('versions').select(bytes).where(within(v))),
  }
}
