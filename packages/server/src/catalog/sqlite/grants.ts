/** Grants: the records behind links. A use is one conditional update, so no race can spend it twice. */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import type { GrantCatalog, WriteConditions } from '../catalog.ts'
import { prefixEnd } from '../key-order.ts'
import type { GrantRecord, LinkMethod } from '../records.ts'
import { read } from './connection.ts'
import type { Connection } from './connection.ts'
import type { GrantTable } from './schema.ts'
import { prepare, query } from './statement.ts'

type GrantRow = Omit<GrantTable, 'position' | 'path'> & { position: number }
type NewGrantRow = Omit<GrantTable, 'position' | 'path'>

/** True if a use was left and is spent. Runs inside a write. */
export type UseGrant = (use: NonNullable<WriteConditions['useGrant']>) => boolean

export function prepareUseGrant(db: SqliteDatabase): UseGrant {
  const use = prepare(db, (v: { id: string; nowMs: number; clientIp: string }) =>
    query
      .updateTable('grants')
      .set((grant) => ({
        uses: grant('uses', '+', 1),
        last_used_at: v.nowMs,
        last_used_ip: v.clientIp,
      }))
      .where('id', '=', v.id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', v.nowMs)
      .where((grant) =>
        grant.or([grant('max_uses', 'is', null), grant('uses', '<', grant.ref('max_uses'))]),
      ),
  )
  return (values) => use.run(values) === 1
}

export function createGrantCatalog({ db, commit, lookUp }: Connection): GrantCatalog {
  const grants = query.selectFrom('grants').selectAll()
  const find = prepare(db, (v: { id: string }) => grants.where('id', '=', v.id))
  const insert = prepare(db, (v: NewGrantRow) => query.insertInto('grants').values(columns(v)))
  const newest = prepare(db, (v: { before: number; limit: number }) =>
    grants.where('position', '<', v.before).orderBy('position', 'desc').limit(v.limit),
  )
  const newestUnder = prepare(
    db,
    (v: { before: number; limit: number; from: string; end: string }) =>
      grants
        .where('path', '>=', v.from)
        .where('path', '<', v.end)
        .where('position', '<', v.before)
        .orderBy('position', 'desc')
        .limit(v.limit),
  )
  const revoke = prepare(db, (v: { id: string; nowMs: number }) =>
    query
      .updateTable('grants')
      .set({ revoked_at: v.nowMs })
      .where('id', '=', v.id)
      .where('revoked_at', 'is', null),
  )
  const use = prepareUseGrant(db)

  return {
    find: (id) =>
      lookUp.read(() => {
        const row = find.get({ id })
        return row === undefined ? null : toRecord(row)
      }),
    insert: (grant) => commit.write(() => void insert.run(toRow(grant))),
    list: (pathPrefix, beforeId, limit) =>
      read(() => {
        const before =
          beforeId === null ? Number.MAX_SAFE_INTEGER : (find.get({ id: beforeId })?.position ?? 0)
        const end = prefixEnd(pathPrefix)
        const rows =
          end === null
            ? newest.all({ before, limit })
            : newestUnder.all({ before, limit, from: pathPrefix, end })
        return rows.map(toRecord)
      }),
    revoke: (id, nowMs) => commit.write(() => revoke.run({ id, nowMs }) === 1),
    use: (id, nowMs, clientIp) => commit.write(() => use({ id, nowMs, clientIp })),
  }
}

function columns(v: NewGrantRow): NewGrantRow {
  return {
    id: v.id,
    method: v.method,
    bucket: v.bucket,
    key: v.key,
    signing_key_id: v.signing_key_id,
    created_at: v.created_at,
    created_by: v.created_by,
    expires_at: v.expires_at,
    reason: v.reason,
    max_uses: v.max_uses,
    uses: v.uses,
    last_used_at: v.last_used_at,
    last_used_ip: v.last_used_ip,
    max_bytes: v.max_bytes,
    content_types: v.content_types,
    revoked_at: v.revoked_at,
  }
}

function toRow(grant: GrantRecord): NewGrantRow {
  return {
    id: grant.id,
    method: grant.method,
    bucket: grant.bucket,
    key: grant.key,
    signing_key_id: grant.signingKeyId,
    created_at: grant.createdAt,
    created_by: grant.createdBy,
    expires_at: grant.expiresAt,
    reason: grant.reason,
    max_uses: grant.maxUses,
    uses: grant.uses,
    last_used_at: grant.lastUsedAt,
    last_used_ip: grant.lastUsedIp,
    max_bytes: grant.maxBytes,
    content_types: JSON.stringify(grant.contentTypes),
    revoked_at: grant.revokedAt,
  }
}

function toRecord(row: GrantRow): GrantRecord {
  return {
    id: row.id,
    method: row.method as LinkMethod,
    bucket: row.bucket,
    key: row.key,
    signingKeyId: row.signing_key_id,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    reason: row.reason,
    maxUses: row.max_uses,
    uses: row.uses,
    lastUsedAt: row.last_used_at,
    lastUsedIp: row.last_used_ip,
    maxBytes: row.max_bytes,
    contentTypes: JSON.parse(row.content_types) as string[],
    revokedAt: row.revoked_at,
  }
}
