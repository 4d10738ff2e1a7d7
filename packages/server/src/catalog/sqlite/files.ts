/** Files: what makes one exist, replaces, moves and removes it. Each write is one job of the group commit. */
import type { CommitOutcome, FileCatalog, WriteConditions } from '../catalog.ts'
import { listPage } from '../list-page.ts'
import type { FileRecord } from '../records.ts'
import { read } from './connection.ts'
import type { Connection } from './connection.ts'
import { toFileRecord, toFileRow } from './file-rows.ts'
import { prepareFileStatements } from './file-statements.ts'
import type { FileStatements } from './file-statements.ts'
import { prepareUseGrant } from './grants.ts'
import type { UseGrant } from './grants.ts'
import type { FileTable } from './schema.ts'

type MoveTarget = Parameters<FileCatalog['move']>[1]
type MoveOutcome = Awaited<ReturnType<FileCatalog['move']>>

interface Parts {
  readonly statements: FileStatements
  readonly useGrant: UseGrant
}

export function createFileCatalog({ db, commit, lookUp, clock }: Connection): FileCatalog {
  const statements = prepareFileStatements(db)
  const parts: Parts = { statements, useGrant: prepareUseGrant(db) }
  return {
    find: (bucket, key) => lookUp.read(() => toRecordOrNull(statements.find.get({ bucket, key }))),
    findById: (id) => read(() => toRecordOrNull(statements.findById.get({ id }))),
    commit: (file, inlineBytes, conditions) =>
      commit.write(() => {
        const existing = statements.find.get(file)
        const refusal = refuse(parts, file, existing, conditions)
        return refusal ?? store(parts, { file, inlineBytes, existing, nowMs: clock.now() })
      }),
    remove: (bucket, key) =>
      commit.write(() => {
        const removed = statements.remove.get({ bucket, key })
        if (removed !== undefined) queueSweep(statements, removed, clock.now())
        return toRecordOrNull(removed)
      }),
    move: (id, target) => commit.write(() => move(statements, id, target)),
    list: (query) =>
      read(() =>
        listPage(query, {
          toFile: toFileRecord,
          read: (from, end, limit) =>
            end === null
              ? statements.rangeToLast.all({ bucket: query.bucket, from, limit })
              : statements.range.all({ bucket: query.bucket, from, end, limit }),
        }),
      ),
    readInlineBlob: (blobId) => read(() => statements.bytes.get({ blobId })?.bytes ?? null),
  }
}

/** Conditions come before the grant, so that a write that fails them consumes no use. */
function refuse(
  { statements, useGrant }: Parts,
  file: FileRecord,
  existing: FileTable | undefined,
  conditions: WriteConditions,
): CommitOutcome | null {
  if (existing === undefined && statements.bucket.get(file) === undefined) {
    return { outcome: 'bucket-missing' }
  }
  if (conditions.ifAbsent === true && existing !== undefined) return { outcome: 'condition-failed' }
  if (conditions.ifEtag !== undefined && existing?.etag !== conditions.ifEtag) {
    return { outcome: 'condition-failed' }
  }
  const grant = conditions.useGrant
  if (grant !== undefined && !useGrant(grant)) return { outcome: 'grant-unusable' }
  return null
}

interface Storing {
  readonly file: FileRecord
  readonly inlineBytes: Uint8Array | null
  readonly existing: FileTable | undefined
  readonly nowMs: number
}

function store({ statements }: Parts, storing: Storing): CommitOutcome {
  const { file, inlineBytes, existing, nowMs } = storing
  if (inlineBytes !== null) statements.putBytes.run({ blobId: file.blobId, bytes: inlineBytes })
  if (existing === undefined) {
    statements.insert.run(toFileRow(file))
    return { outcome: 'committed', file, replaced: false }
  }
  queueSweep(statements, existing, nowMs)
  statements.replace.run(toFileRow(file))
  const kept = { ...file, id: existing.id, createdAt: existing.created_at }
  return { outcome: 'committed', file: kept, replaced: true }
}

function move(statements: FileStatements, id: string, target: MoveTarget): MoveOutcome {
  const moving = statements.findById.get({ id })
  if (moving === undefined) return null
  if (statements.bucket.get(target) === undefined) return 'bucket-missing'
  const inTheWay = statements.find.get(target)
  if (inTheWay !== undefined && inTheWay.id !== id) {
    if (!target.overwrite) return 'target-exists'
    statements.remove.get(inTheWay)
    queueSweep(statements, inTheWay, target.nowMs)
  }
  const { bucket, key, nowMs } = target
  statements.rename.run({ id, bucket, key, nowMs })
  return toFileRecord({ ...moving, bucket, key, modified_at: nowMs })
}

function queueSweep(statements: FileStatements, row: FileTable, nowMs: number): void {
  statements.queueSweep.run({ blobId: row.blob_id, isInline: row.is_inline, nowMs })
}

function toRecordOrNull(row: FileTable | undefined): FileRecord | null {
  return row === undefined ? null : toFileRecord(row)
}
