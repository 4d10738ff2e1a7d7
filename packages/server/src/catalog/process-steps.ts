/** What processes over one catalog on several machines know of each other. */
import type { RecordOf } from './table.ts'
import type { leases } from './tables/processes.ts'

export type LeaseRecord = RecordOf<typeof leases>

/** A task of a catalog that is being filled by a copy; its holder is where from. Nobody serves it yet. */
export const FILLING = 'filling'
/**
 * A task of a catalog that was copied elsewhere; its holder is where to. Nobody serves it any more. It begins as every hold on the sweep
 * does: nothing of it is ever swept.
 */
export const MOVED = 'keep:moved'

export interface ProcessCatalog {
  /** Says that a process lives, and what it has been reading for a while: these contents and no others are kept for it from the sweep. */
  beat(id: string, nowMs: number, heldIds: readonly string[]): Promise<void>
  /** Those that were not heard of since. */
  findLost(sinceMs: number): Promise<readonly string[]>
  /** It has ended, and what it held is free. */
  forget(id: string): Promise<void>
  /** Those of `contentIds` that any process holds. */
  heldAmong(contentIds: readonly string[]): Promise<readonly string[]>
  /** Gives the holder a task, or leaves it to him longer. False while somebody else has it. */
  lease(lease: LeaseRecord, nowMs: number): Promise<boolean>
  /** Somebody copies all that is stored: a task of theirs begins with `keep:`. */
  isKept(nowMs: number): Promise<boolean>
  /** Who has a task, or had it last; `null` if nobody does. */
  standing(task: string): Promise<LeaseRecord | null>
  /** Gives it back, if it is still this holder's. */
  release(lease: Pick<LeaseRecord, 'task' | 'holder'>): Promise<void>
}
