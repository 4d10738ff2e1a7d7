/** What is kept of an upload that is sent from one end to the other, besides its slot. */
import { jsonOrNull, shape } from '../table.ts'

export interface ResumableTerms {
  /** How long it will be; `null` until its sender says. */
  readonly length: number | null
  /** What its sender said of it, as it came: `Upload-Metadata` [TUS-1 creation]. */
  readonly announced: string
  /** `partial`: it becomes no file by itself; `final`: it was put together of such. */
  readonly kind: 'whole' | 'partial' | 'final'
  /** Of a final one: the ids of those it was put together of. */
  readonly of: readonly string[]
  /** May replace what is there when it ends. */
  readonly overwrite: boolean
}

/** `null` of an upload whose parts have numbers. */
export const resumable = jsonOrNull('resumable', shape<ResumableTerms>())
