/** Walks from one common prefix to the next without reading what lies in them: one statement for a page of folders. */
import { sql } from 'kysely'
import type { Compilable } from 'kysely'
import { prefixEnd } from '../key-order.ts'
import type { Answer, SqlEngine } from './script.ts'

export interface FolderWalk {
  readonly bucket: string
  readonly prefix: string
  /** One that `prefixEnd` has an end for. */
  readonly delimiter: string
  /** Where it starts. */
  readonly from: string
  /** The key before which it ends; `null`: none. */
  readonly end: string | null
  readonly limit: number
}

/**
 * The first key of each folder, in order: at most `limit`, from the first key on, up to the first that lies in no folder. A
 * folder is a common prefix: up to the first delimiter after `prefix`.
 */
export type SkimFolders = (walk: FolderWalk) => Answer<{ readonly key: string }[]>

interface Values {
  bucket: string
  from: string
  limit: number
  delimiter: string
  /** Of the prefix, in characters as SQL counts them. */
  skipped: number
  /** The delimiter's end: what a folder's name is with it, comes after all that lies in the folder. */
  next: string
}

export function prepareSkimFolders(engine: SqlEngine): SkimFolders {
  const toLast = engine.prepare((v: Values) => walkOf(engine, v, null))
  const toEnd = engine.prepare((v: Values & { end: string }) => walkOf(engine, v, v.end))
  return ({ prefix, end, delimiter, ...walk }) => {
    const next = prefixEnd(delimiter) ?? ''
    const values = { ...walk, delimiter, skipped: Array.from(prefix).length, next }
    return end === null ? toLast.all(values) : toEnd.all({ ...values, end })
  }
}

/** A step is a look-up in the primary key. The steps are counted, so that no database walks on past the limit. */
function walkOf(
  { query }: SqlEngine,
  v: Values,
  end: string | null,
): Compilable<{ readonly key: string }> {
  // Where the delimiter stands in the rest of the key, from 1 on; 0 if nowhere.
  const place = sql`instr(substr(walk.key, ${v.skipped} + 1), ${v.delimiter})`
  const afterFolder = sql`substr(walk.key, 1, ${v.skipped} + ${place} - 1) || ${v.next}`
  const before = end === null ? sql`` : sql`and files.key < ${end}`
  const firstKey = (from: unknown) => sql`(
    select files.key from files where files.bucket = ${v.bucket} and files.key >= ${from} ${before}
    order by files.key limit 1
  )`
  const walk = sql<{ readonly key: string }>`
    with recursive walk (key, step) as (
      select ${firstKey(v.from)}, 1
      union all
      select ${firstKey(afterFolder)}, walk.step + 1 from walk
      where ${place} > 0 and walk.step < ${v.limit}
    )
    select walk.key as key from walk where ${place} > 0 order by walk.step
  `
  return { compile: () => walk.compile(query) }
}
