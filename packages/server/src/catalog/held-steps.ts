/** The words in which the catalog speaks of files that wait until they were looked at. */
import type { Actor } from './event-steps.ts'
import type { FilePath } from './file-steps.ts'
import type { FileRecord, Quota } from './records.ts'
import type { RecordOf } from './table.ts'
import type { HELD_STATES, heldFiles } from './tables/held-files.ts'

export type HeldState = (typeof HELD_STATES)[number]

/** A file as it will be, and what is known of it meanwhile. `versionId` is the one it gets where versions are kept. */
export type HeldRecord = Omit<RecordOf<typeof heldFiles>, 'contentKind' | 'contentId'> &
  Pick<FileRecord, 'content'>

export interface PlacedHeld {
  readonly held: HeldRecord
  readonly position: number
}

export interface ListHeldQuery {
  /** Only those that this key may see; `null` for all. */
  readonly holder: string | null
  /** Bucket and the beginning of the key; `null` for all. */
  readonly within: FilePath | null
  readonly state: HeldState | null
  /** Only those that stand before. */
  readonly before: number | null
  readonly limit: number
}

export interface Admission {
  readonly quotas: readonly Quota[]
  readonly nowMs: number
}

/** Why it cannot become a file any more, or not `gone`: somebody has settled it already. */
export type AdmitOutcome =
  | { readonly outcome: 'admitted'; readonly file: FileRecord }
  | {
      readonly outcome:
        | 'gone'
        | 'bucket-missing'
        | 'file-missing'
        | 'condition-failed'
        | 'target-exists'
        | 'over-quota'
    }

export interface Rejection {
  readonly code: string
  /** For people; `null` where the code says it all. */
  readonly reason: string | null
  readonly nowMs: number
  /** Who decided it; without it, that the server did. */
  readonly by?: Actor
}

export interface HeldTally {
  readonly waiting: number
  /** When the one came that has waited longest; `null` without any. */
  readonly oldestAt: number | null
}

export interface HeldCatalog {
  find(heldId: string): Promise<HeldRecord | null>
  /** The last one that waits under a name, if this key may see it. */
  findAt(path: FilePath, holder: string): Promise<HeldRecord | null>
  /** Newest first. */
  list(query: ListHeldQuery): Promise<readonly PlacedHeld[]>
  /**
   * Those whose time has come, the oldest first and of each name the oldest alone. They are nobody else's until `untilMs`; what a
   * process that died has taken comes again then.
   */
  take(nowMs: number, untilMs: number, limit: number): Promise<readonly HeldRecord[]>
  /** Keeps what was taken for longer. */
  keep(heldId: string, untilMs: number): Promise<void>
  /** Puts it back, with who has found nothing so far; it counts as an attempt if `failed`. */
  postpone(
    heldId: string,
    change: {
      readonly passed: readonly string[]
      readonly nextAt: number
      readonly failed: boolean
    },
  ): Promise<void>
  /** Gives back everything that anybody has taken; to be called where no process can be at it. */
  giveBack(nowMs: number): Promise<void>
  /** Makes it a file, in one step with what was asked of it when it came. */
  admit(heldId: string, admission: Admission): Promise<AdmitOutcome>
  /** Gives its bytes up, notes why, and says so in the trail. False if it was settled already. */
  reject(heldId: string, rejection: Rejection): Promise<boolean>
  tally(): Promise<HeldTally>
  /** Forgets those that were refused before; how many, at most `limit`. */
  forget(endedBeforeMs: number, limit: number): Promise<number>
}
