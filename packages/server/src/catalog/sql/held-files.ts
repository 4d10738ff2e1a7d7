/** Files that wait until they were looked at: who takes one, and what becomes of it, each in one step. */
import { prefixEnd } from '../key-order.ts'
import type { Admission, AdmitOutcome, HeldCatalog, HeldRecord } from '../held-steps.ts'
import type { FileRecord } from '../records.ts'
import { heldFiles } from '../tables/held-files.ts'
import { toFileRecord } from './file-rows.ts'
import { carryOver, isHere, noteCreated } from './files.ts'
import type { FileScripts } from './files.ts'
import { giveUp, toHeldRecord } from './held-scripts.ts'
import type { HeldStatements } from './held-statements.ts'
import { orOverQuota } from './quotas.ts'
import { once } from './script.ts'
import type { Script, SqlEngine } from './script.ts'
import { look, place } from './succession.ts'
import type { FoundHere } from './succession.ts'

interface Parts {
  readonly files: FileScripts
  readonly at: HeldStatements
}

export function createHeldCatalog(engine: SqlEngine, parts: Parts): HeldCatalog {
  const { read, write, lookUp } = engine
  const { at, files } = parts
  const urgent = { isUrgent: true }
  return {
    find: (heldId) => lookUp(at.find, { heldId }, toHeldRecord),
    findAt: (path, holder) =>
      read(function* () {
        const waiting = (yield* at.waitingAt.all(path)).map(toHeldRecord)
        return waiting.find((held) => held.holder === holder) ?? null
      }),
    list: ({ holder, within, state, before, limit }) =>
      read(function* () {
        const prefix = within?.key ?? ''
        const rows = yield* at.page.all({
          holder: holder ?? '',
          state: state ?? '',
          bucket: within?.bucket ?? '',
          prefix,
          prefixEnd: prefix === '' ? null : prefixEnd(prefix),
          before: before ?? Number.MAX_SAFE_INTEGER,
          limit,
        })
        return rows.map(({ position, ...row }) => ({ position, held: toHeldRecord(row) }))
      }),
    take: (nowMs, untilMs, limit) =>
      write(function* () {
        const rows = yield* at.due.all({ nowMs, limit })
        for (const { heldId } of rows) yield* at.move.run({ heldId, nextAt: untilMs })
        return rows.map(toHeldRecord)
      }, urgent),
    keep: async (heldId, untilMs) => {
      await write(() => once(at.move, { heldId, nextAt: untilMs }), urgent)
    },
    postpone: async (heldId, { passed, nextAt, failed }) => {
      const text = heldFiles.columns.passed.toStored(passed)
      const change = { heldId, passed: text, nextAt, failed: failed ? 1 : 0 }
      await write(() => once(at.postpone, change), urgent)
    },
    giveBack: async (nowMs) => {
      await write(() => once(at.giveBack, { nowMs }), urgent)
    },
    admit: (heldId, admission) =>
      orOverQuota(
        write(() => files.quotas.keep(admission.quotas, admit(parts, heldId, admission))),
      ),
    reject: (heldId, rejection) =>
      write(function* () {
        const row = yield* at.find.get({ heldId })
        return row !== undefined && (yield* giveUp({ ...files, at }, toHeldRecord(row), rejection))
      }, urgent),
    tally: () =>
      read(function* () {
        const { waiting = 0, oldestAt = null } = (yield* at.tally.get({})) ?? {}
        return { waiting, oldestAt }
      }),
    forget: (beforeMs, limit) => write(() => once(at.forget, { beforeMs, limit }), urgent),
  }
}

function* admit({ files, at }: Parts, heldId: string, { nowMs }: Admission): Script<AdmitOutcome> {
  const row = yield* at.find.get({ heldId })
  if (row === undefined || row.state !== 'waiting') return { outcome: 'gone' }
  const held = toHeldRecord(row)
  const found = yield* look(files, held)
  if (!isHere(found)) return { outcome: 'bucket-missing' }
  if (held.move !== null) return yield* admitMove({ files, at }, held, nowMs)
  if (!(yield* isStillSo(files, held, found.current))) return { outcome: 'condition-failed' }
  // Its share in the content passes on.
  yield* at.remove.run({ heldId })
  const file = yield* place(files, found, {
    version: { ...describe(held), modifiedAt: nowMs },
    newVersionId: held.versionId,
    identity: found.current ?? held,
    content: held.content,
    nowMs,
  })
  const { actor, conditions } = held
  if (conditions.isOwn === true && actor.linkId !== null) {
    yield* files.grants.rememberOwn(actor.linkId, file.content.contentId)
  }
  yield* noteCreated(files, file, { by: actor, epoch: null })
  return { outcome: 'admitted', file }
}

function describe(
  held: HeldRecord,
): Omit<FileRecord, 'id' | 'versionId' | 'createdAt' | 'arrivedAt' | 'content'> {
  const { bucket, key, size, etag, checksums, partSizes } = held
  const { contentType, headers, metadata, tags, modifiedAt, quotaKey } = held
  const said = { contentType, headers, metadata, tags, quotaKey }
  return { bucket, key, size, etag, checksums, partSizes, ...said, modifiedAt }
}

function* isStillSo(
  { grants }: FileScripts,
  { conditions: { contentId, fileId, isOwn }, actor }: HeldRecord,
  current: FileRecord | null,
): Script<boolean> {
  if (contentId !== undefined && contentId !== (current?.content.contentId ?? '')) return false
  if (fileId !== undefined && fileId !== current?.id) return false
  if (isOwn !== true || current === null) return true
  const own = actor.linkId === null ? null : yield* grants.ownContent(actor.linkId)
  return own === current.content.contentId
}

/** Nothing but the file that was looked at goes to the name. */
function* admitMove({ files, at }: Parts, held: HeldRecord, nowMs: number): Script<AdmitOutcome> {
  const { heldId, id, bucket, key, versionId, move, actor, content } = held
  if (move === null) return { outcome: 'gone' }
  const { from, overwrite, newMarkerId } = move
  const to = { bucket, key }
  const row = yield* files.at.findById.get({ id })
  const moving = row === undefined ? null : toFileRecord(row)
  const isSame = moving?.content.contentId === content.contentId
  if (moving === null || !isSame) return { outcome: 'file-missing' }
  if (moving.bucket !== from.bucket || moving.key !== from.key) return { outcome: 'file-missing' }
  const source: FoundHere | null = yield* lookHere(files, from)
  const target: FoundHere | null = yield* lookHere(files, to)
  if (source === null || target === null) return { outcome: 'bucket-missing' }
  if (target.current !== null && !overwrite) return { outcome: 'target-exists' }
  yield* at.remove.run({ heldId })
  const ids = { newVersionId: versionId, newMarkerId }
  const file = yield* carryOver(
    files,
    { file: moving, content, source, target },
    { from, to, ...ids, nowMs, by: actor },
  )
  return { outcome: 'admitted', file }
}

function* lookHere(
  files: FileScripts,
  path: { bucket: string; key: string },
): Script<FoundHere | null> {
  const found = yield* look(files, path)
  return isHere(found) ? found : null
}
