/** What the catalog knows of browsers that are signed in. */
import type { Actor } from './event-steps.ts'
import type { RecordOf } from './table.ts'
import type { sessions } from './tables/sessions.ts'

export type SessionRecord = RecordOf<typeof sessions>

export interface SessionCatalog {
  /**
   * `taken`: another one has begun with the same sign-in, even if it has ended since. Of those of its key the oldest go, until no more
   * than `mostOfKey` are left.
   */
  begin(session: SessionRecord, by: Actor, mostOfKey: number): Promise<'begun' | 'taken'>
  /** Ended ones and those past their time too. */
  find(id: string): Promise<SessionRecord | null>
  /** False if there is none, or it has ended before. */
  end(id: string, nowMs: number, by: Actor): Promise<boolean>
  /** Forgets those that were over before a moment; how many. */
  forget(beforeMs: number, limit: number): Promise<number>
}
