/** The words in which the catalog speaks of blobs that are read again to see whether they are what they were. */
import type { RecordOf } from './table.ts'
import type { damagedBlobs, scrubRound } from './tables/blobs.ts'

export type DamagedBlob = RecordOf<typeof damagedBlobs>
export type BlobFault = DamagedBlob['fault']
export type ScrubRound = RecordOf<typeof scrubRound>

/** A blob that somebody holds, as the catalog knows it. */
export interface KnownBlob {
  readonly contentId: string
  readonly size: number
  /** Base64; `null` where nobody has said or read it yet. */
  readonly sha256: string | null
  /** Blobs are read in this order; one that comes later stands behind all others. */
  readonly position: number
}

export interface ScrubCatalog {
  /** Those behind a position that are on no sweep list. */
  blobs(after: number, limit: number): Promise<readonly KnownBlob[]>
  /** `null` if nobody holds it. */
  find(contentId: string): Promise<KnownBlob | null>
  /** `null` before the first. */
  round(): Promise<ScrubRound | null>
  /** Says how far the round is, and keeps what blobs hash to whose hash nobody knew. */
  advance(
    round: ScrubRound,
    learnt: readonly Pick<KnownBlob, 'contentId' | 'sha256'>[],
  ): Promise<void>
  damaged(): Promise<readonly DamagedBlob[]>
  /** With an event. False if that is known, or nobody holds it any more. */
  markDamaged(blob: DamagedBlob): Promise<boolean>
  /** With an event. False if it was not marked. */
  markGood(contentId: string): Promise<boolean>
}
