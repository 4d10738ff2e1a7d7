/** What writes do about files that wait until they were looked at: put one there, give way to one, or overtake them. */
import { createOrderedId } from '../../platform/ids.ts'
import { decideCommit, NULL_VERSION } from '../decisions/decide-succession.ts'
import type { Actor } from '../event-steps.ts'
import type { FilePath, WriteConditions } from '../file-steps.ts'
import type { HeldRecord } from '../held-steps.ts'
import type { FileRecord } from '../records.ts'
import { heldFiles } from '../tables/held-files.ts'
import { kindInRow } from './file-rows.ts'
import type { HeldConditions, HeldMove } from '../tables/held-files.ts'
import type { ContentScripts } from './contents.ts'
import type { EventScripts, EventSources } from './events.ts'
import type { HeldStatements } from './held-statements.ts'
import type { StoredHeld } from './schema.ts'
import type { Script } from './script.ts'
import type { FoundHere, Placed } from './succession.ts'

export interface HeldScripts {
  /**
   * True if something waits under the name that could make a condition untrue which holds now. Whoever writes by the same link
   * goes on behind what it sent itself.
   */
  isDisputed(path: FilePath, conditions: WriteConditions): Script<boolean>
  /** Puts what was to take the first place where nobody sees it, and says so in the trail. The record is of what it will be. */
  hold(
    found: FoundHere,
    holding: Holding,
  ): Script<{ readonly held: HeldRecord; readonly file: FileRecord }>
  /** What waits under the name came too early: it gives its bytes up, because somebody wrote or deleted since. */
  overtake(path: FilePath, by: Actor | undefined, nowMs: number): Script<void>
}

export interface Holding {
  readonly placed: Placed
  readonly conditions: WriteConditions
  readonly holder: string
  readonly move: HeldMove | null
}

export interface HeldParts {
  readonly at: HeldStatements
  readonly contents: ContentScripts
  readonly trail: EventScripts
}

const SERVER: Actor = { keyId: '', linkId: null, address: '', agent: null }

export function createHeldScripts(parts: HeldParts, sources: EventSources): HeldScripts {
  const { at } = parts
  return {
    *isDisputed(path, { ifAbsent, ifOwn, ifEtag, ifNotEtag, useGrant }) {
      const isBound = ifAbsent ?? ifEtag ?? ifNotEtag
      if (isBound === undefined && ifOwn !== true) return false
      const waiting = (yield* at.waitingAt.all(path)).map(toHeldRecord)
      return waiting.some(
        ({ actor }) =>
          isBound !== undefined || actor.linkId === null || actor.linkId !== useGrant?.id,
      )
    },
    hold: (found, holding) => hold(parts, sources, found, holding),
    *overtake(path, by, nowMs) {
      for (const row of yield* at.waitingAt.all(path)) {
        const held = toHeldRecord(row)
        yield* giveUp(parts, held, {
          code: 'upload-overtaken',
          reason: null,
          nowMs,
          by,
        })
      }
    },
  }
}

// oxlint-disable-next-line max-params -- what it is made of, and what it is asked
function* hold(
  { at, trail }: HeldParts,
  { clock, random }: EventSources,
  { versioning, current }: FoundHere,
  { placed, conditions, holder, move }: Holding,
): Script<{ readonly held: HeldRecord; readonly file: FileRecord }> {
  const { version, newVersionId, content, nowMs } = placed
  const { id, createdAt } = placed.identity
  const actor = conditions.by ?? SERVER
  const heldId = createOrderedId(clock, random, 'held_')
  const held: HeldRecord = {
    ...version,
    id,
    createdAt,
    heldId,
    versionId: newVersionId,
    content,
    state: 'waiting',
    holder,
    actor,
    conditions: toKeep(conditions, current),
    move,
    isNew: current === null,
    passed: [],
    attempts: 0,
    nextAt: nowMs,
    endedAt: null,
    code: null,
    reason: null,
  }
  yield* at.insert.run(toStoredHeld(held))
  const path = `${version.bucket}/${version.key}`
  const detail = { held: heldId }
  const note = { path, target: heldId, bytes: version.size, detail }
  yield* trail.record(conditions.by, { kind: 'upload.held', ...note })
  const succession = decideCommit(versioning, current?.versionId ?? null, newVersionId)
  const versionId = succession.versionId ?? NULL_VERSION
  return { held, file: { ...version, id, createdAt, arrivedAt: nowMs, versionId, content } }
}

/** Of one that waits. */
export function* giveUp(
  { at, contents, trail }: HeldParts,
  { heldId, bucket, key, size, content, actor, holder }: HeldRecord,
  {
    code,
    reason,
    nowMs,
    by,
  }: {
    readonly code: string
    readonly reason: string | null
    readonly nowMs: number
    readonly by?: Actor | undefined
  },
): Script<boolean> {
  if ((yield* at.reject.run({ heldId, code, reason, nowMs })) === 0) return false
  yield* contents.release(content, nowMs)
  const detail = { held: heldId, holder, ...(reason !== null && { reason }) }
  const note = { path: `${bucket}/${key}`, target: heldId, bytes: size, detail, code }
  const link = actor.linkId === null ? {} : { linkId: actor.linkId }
  yield* trail.record(by, { kind: 'upload.rejected', ...note, ...link })
  return true
}

/** What the transaction that makes it a file compares again: the name may be another's by then. */
function toKeep(conditions: WriteConditions, current: FileRecord | null): HeldConditions {
  const { ifAbsent, ifEtag, ifNotEtag, ifOwn, ifFileId } = conditions
  const isBound = ifAbsent === true || ifEtag !== undefined || ifNotEtag !== undefined
  return {
    ...(isBound && { contentId: current?.content.contentId ?? '' }),
    ...(ifFileId !== undefined && { fileId: ifFileId }),
    ...(ifOwn === true && { isOwn: true }),
  }
}

function toStoredHeld({ content, ...held }: HeldRecord): StoredHeld {
  const contentKind = kindInRow(content)
  return heldFiles.toStored({ ...held, contentKind, contentId: content.contentId })
}

export function toHeldRecord(row: StoredHeld): HeldRecord {
  const { contentKind: kind, contentId, ...held } = heldFiles.toRecord(row)
  return { ...held, content: { kind, contentId } }
}
