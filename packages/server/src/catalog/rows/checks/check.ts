/** One thing that must hold between the rows of a catalog. */
import type { RowSession } from '../row-catalog.ts'

export interface Check {
  /** Documented in docs/backup.md, which a test compares. */
  readonly kind: string
  /** What is wrong where it does not hold. */
  readonly says: string
  /** Rows of what is wrong: the thing, and something about it. */
  readonly find: string
  /** Statements that put it right, one after the other, with `?` for the time in milliseconds; or work; `null` if nobody can know what is right. */
  readonly repair:
    | readonly string[]
    | ((session: RowSession, nowMs: number) => Promise<void>)
    | null
}

/** A share in a content, for each row that has one. */
export const SHARES = `
  SELECT content_id FROM files
  UNION ALL SELECT content_id FROM versions WHERE content_kind <> 'delete-marker'
  UNION ALL SELECT content_id FROM parts
  UNION ALL SELECT content_id FROM held_files WHERE state = 'waiting'
  UNION ALL SELECT part_id FROM segments`

/** What rows with a content have in common: who it is, its content, and what it says of it. */
export const HOLDERS = `
  SELECT bucket || '/' || key AS holder, content_id, content_kind, size FROM files
  UNION ALL SELECT bucket || '/' || key || ' version ' || version_id, content_id, content_kind, size
    FROM versions WHERE content_kind <> 'delete-marker'
  UNION ALL SELECT 'upload ' || upload_id || ' part ' || CAST(number AS text), content_id, content_kind, size FROM parts
  UNION ALL SELECT 'waiting ' || held_id, content_id, content_kind, size FROM held_files WHERE state = 'waiting'`

/** On its way out. */
export const IS_SWEPT =
  'EXISTS (SELECT 1 FROM sweep_list WHERE sweep_list.content_id = contents.id)'
