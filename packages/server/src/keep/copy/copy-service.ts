/**
 * Copies a running service to another catalog and another blob store, and switches over (docs/decisions/013-moving-by-a-change-log.md).
 * From the first moment the source notes which rows change; the rows are copied as they were at one moment, then every blob, then again
 * and again what has changed meanwhile. At the end writers wait while the last of it is copied, and are refused from then on.
 * Whatever ends it in between, the next call goes on.
 */
import { existsSync, readFileSync } from 'node:fs'
import { FILLING, MOVED } from '../../catalog/process-steps.ts'
import { applyChanged, findChanged } from '../../catalog/rows/apply-changes.ts'
import {
  COUNTED_TABLES,
  forgetChanges,
  raiseFence,
  readChanges,
  startChangeLog,
} from '../../catalog/rows/change-log.ts'
import type { RowCatalog, RowSession } from '../../catalog/rows/row-catalog.ts'
import { quoted, quotedList } from '../../catalog/rows/row-catalog.ts'
import { storeConflict } from '../../platform/store-errors.ts'
import { emptyCatalog, readCatalog, writeCatalog } from '../catalog-lines.ts'
import { holdSweep } from '../hold-sweep.ts'
import type { SweepHold } from '../hold-sweep.ts'
import { becomeInstallation, installationOf } from '../installation.ts'
import type { OnProgress, Service } from '../service.ts'
import { NEWEST_SCHEMA, hasNothing, requireSchema } from '../standing-catalog.ts'
import { writeDurably } from '../write-durably.ts'
import { bringBlobs, forgetBrought, prepareBrought } from './bring-blobs.ts'

export interface CopyServiceOptions {
  readonly from: Service
  readonly to: Service
  /** `false`: goes on until nearly nothing is left, and ends there; another call switches. */
  readonly switches: boolean
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

export interface CopiedService {
  readonly isSwitched: boolean
  /** For how long nobody could write. */
  readonly pausedMs: number
  readonly blobs: number
  /** Blobs that the source had damaged: marked in the target. */
  readonly damaged: number
}

export interface Copying extends CopyServiceOptions {
  readonly source: RowCatalog
  readonly target: RowCatalog
  readonly hold: SweepHold
}

/** Of the mark of a catalog that is being filled: its rows are there, its blobs are being brought. */
const HAS_ROWS = 1
const FOR_EVER: number = Number.MAX_SAFE_INTEGER
/** Passes after which it switches though much was changed meanwhile. */
const MOST_PASSES = 20
/** So few changes that the last pass takes no time that anybody notices. */
const FEW_CHANGES = 100

/** Throws a StoreError. */
export async function copyService(options: CopyServiceOptions): Promise<CopiedService> {
  const { from, to } = options
  await requireSchema(from)
  const source = await from.rows.open()
  try {
    const moved = await source.read((session) => markOf(session, MOVED))
    if (moved === null) return await copyFrom(source, options)
    if (moved !== to.name) throw storeConflict(`${from.name} was moved to ${moved} before.`)
    const target = await to.rows.open()
    try {
      return await finish(target)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function copyFrom(source: RowCatalog, options: CopyServiceOptions): Promise<CopiedService> {
  const { from, to } = options
  // Before the target is marked, over which servers wait then: a source that cannot be copied is refused here.
  const sourceCatalog = await from.open()
  try {
    await prepareTarget(source, options)
    const target = await to.rows.open()
    try {
      const hold = await holdSweep({ ...from, processes: sourceCatalog.processes })
      try {
        return await copyAll({ ...options, source, target, hold })
      } finally {
        await hold.release()
      }
    } finally {
      await target.close()
    }
  } finally {
    await sourceCatalog.close()
  }
}

/** Empty, or begun by an earlier call from the same source. */
async function prepareTarget(source: RowCatalog, { from, to }: CopyServiceOptions): Promise<void> {
  if (from.name === to.name) throw storeConflict(`${from.name} is the source and the target.`)
  const isNew = (await to.rows.version()) === null
  await to.rows.migrate(NEWEST_SCHEMA)
  const rows = await to.rows.open()
  try {
    const begun = await rows.read((session) => markOf(session, FILLING))
    if (begun !== null && begun !== from.name) {
      throw storeConflict(`${to.name} is being filled from ${begun}, not from ${from.name}.`)
    }
    if (begun === null) {
      // Of the rows: a store that both use has blobs already.
      if (!isNew && !(await hasNothing(to.rows))) {
        throw storeConflict(`${to.name} must be empty, and is not.`)
      }
      const shared = await sharedInstallation(source, { from, to })
      await rows.change(async (session) => {
        if (shared !== null) await becomeInstallation(session, shared, to.blobPlace.name)
        await setMark(session, { task: FILLING, holder: from.name, at: 0 })
      })
    }
  } finally {
    await rows.close()
  }
  // As its server does: the blobs are to come to a place that is this one's.
  await (await to.open()).close()
  const { masterKeyFile } = to
  if (masterKeyFile === null || existsSync(masterKeyFile) || from.masterKeyFile === null) return
  if (existsSync(from.masterKeyFile)) {
    await writeDurably(masterKeyFile, readFileSync(from.masterKeyFile))
  }
}

/** Both have their blobs at one place: it is the same installation afterwards. */
async function sharedInstallation(
  source: RowCatalog,
  { from, to }: Pick<CopyServiceOptions, 'from' | 'to'>,
): Promise<string | null> {
  return from.blobPlace.id === to.blobPlace.id ? source.read(installationOf) : null
}

async function copyAll(copying: Copying): Promise<CopiedService> {
  const { source, target, switches, signal } = copying
  await source.change((session) => startChangeLog(session, source.kind))
  await copyRows(copying)
  await target.change((session) => prepareBrought(session))
  // What an earlier call left that was killed: its name stands in the way. At a place of both, uploads are under way.
  if (copying.from.blobPlace.id !== copying.to.blobPlace.id) {
    await copying.to.blobs.removeLeftovers(copying.to.clock.now())
  }
  let brought = await bringBlobs(copying)
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    signal.throwIfAborted()
    const changes = await catchUp(copying)
    const more = await bringBlobs(copying)
    brought = { blobs: brought.blobs + more.blobs, damaged: brought.damaged + more.damaged }
    if (changes <= FEW_CHANGES && more.blobs <= FEW_CHANGES) break
  }
  if (!switches) return { isSwitched: false, pausedMs: 0, ...brought }
  const beganAt = performance.now()
  const last = await switchOver(copying)
  const pausedMs = performance.now() - beganAt
  return {
    isSwitched: true,
    pausedMs,
    blobs: brought.blobs + last.blobs,
    damaged: brought.damaged + last.damaged,
  }
}

/** Every row as it was at one moment after the log had begun; once, however often it is called. */
async function copyRows({ source, target, from, onProgress }: Copying): Promise<void> {
  const has = await target.read((session) => markAt(session, FILLING))
  if (has === HAS_ROWS) return
  const version = await source.version()
  await source.read((reading) =>
    target.change(async (writing) => {
      await emptyCatalog(writing)
      await readCatalog(
        writing,
        writeCatalog(reading, version, () => undefined),
        onProgress,
      )
      await setMark(writing, { task: FILLING, holder: from.name, at: HAS_ROWS })
    }),
  )
}

/** Copies what was noted so far; how much that was. */
async function catchUp({ source, target }: Copying): Promise<number> {
  const { changes, found } = await source.read(async (session) => {
    const noted = await readChanges(session)
    return { changes: noted, found: await findChanged(session, noted.keys) }
  })
  await target.change((session) => applyChanged(session, found))
  await source.change((session) => forgetChanges(session, changes.positions))
  return changes.positions.length
}

/** Nobody writes to the source from the beginning of this, and nobody after it. */
async function switchOver(copying: Copying): Promise<Pick<CopiedService, 'blobs' | 'damaged'>> {
  const { source, target, to, hold } = copying
  const last = await source.change(async (session) => {
    const noted = await readChanges(session)
    const found = await findChanged(session, noted.keys)
    await target.change(async (writing) => {
      await applyChanged(writing, found)
      await copyCounted(session, writing)
      await writing.setNumbers(await session.numbers())
    })
    const brought = await bringBlobs(copying)
    hold.requireHeld()
    await raiseFence(session, source.kind)
    await setMark(session, { task: MOVED, holder: to.name, at: FOR_EVER })
    return brought
  })
  await finish(target)
  return last
}

/** Counts that triggers keep, in the copy as in the source: what both say is the source's word. */
async function copyCounted(from: RowSession, to: RowSession): Promise<void> {
  for (const table of COUNTED_TABLES) {
    const columns = await from.columns(table)
    const rows = await from.ask(`SELECT ${quotedList(columns)} FROM ${quoted(table)}`)
    await to.run(`DELETE FROM ${quoted(table)}`)
    await to.insert(table, columns, rows)
  }
}

/** The source takes no writes any more; servers that wait over the target begin. */
async function finish(target: RowCatalog): Promise<CopiedService> {
  await target.change(async (session) => {
    await forgetBrought(session)
    await session.run('DELETE FROM leases WHERE task = ?', [FILLING])
  })
  return { isSwitched: true, pausedMs: 0, blobs: 0, damaged: 0 }
}

interface Mark {
  readonly task: string
  readonly holder: string
  readonly at: number
}

async function setMark(session: RowSession, { task, holder, at }: Mark): Promise<void> {
  await session.run('DELETE FROM leases WHERE task = ?', [task])
  await session.insert('leases', ['task', 'holder', 'ends_at'], [[task, holder, at]])
}

async function markOf(session: RowSession, task: string): Promise<string | null> {
  const [found] = await session.ask('SELECT holder FROM leases WHERE task = ?', [task])
  return found === undefined ? null : String(found[0])
}

async function markAt(session: RowSession, task: string): Promise<number | null> {
  const [found] = await session.ask('SELECT ends_at FROM leases WHERE task = ?', [task])
  return found === undefined ? null : Number(found[0])
}
