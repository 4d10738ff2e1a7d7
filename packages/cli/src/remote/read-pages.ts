/**
 * Lists that come page by page, so that a million entries need no more memory than a hundred.
 *
 * @module
 */
import type { TypedNames } from '../typed-names.ts'
import { callServer } from './call-server.ts'
import type { Call } from './call-server.ts'
import type { Connection } from './connection.ts'
import { queryText } from './query-text.ts'
import { textOrNullOf } from './read-shape.ts'

export interface PagedCall {
  /** Without a query. */
  readonly path: string
  /** What is asked for; `undefined` is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>
  /** A POST with this, in place of a GET; the cursor goes into it. */
  readonly json?: object
  readonly names?: TypedNames
}

/** What `read` makes of each page, until there is none. */
export async function* readPages<T>(
  connection: Connection,
  paged: PagedCall,
  read: (answer: unknown) => readonly T[],
): AsyncGenerator<T> {
  for (let cursor: string | null = null; ;) {
    const page: Page<T> = await callServer(connection, toCall(paged, cursor), (answer) => ({
      entries: read(answer),
      nextCursor: textOrNullOf(answer, 'nextCursor'),
    }))
    yield* page.entries
    if (page.nextCursor === null) return
    cursor = page.nextCursor
  }
}

interface Page<T> {
  readonly entries: readonly T[]
  readonly nextCursor: string | null
}

function toCall({ path, query = {}, json, names = {} }: PagedCall, cursor: string | null): Call {
  const next = cursor === null ? {} : { cursor }
  if (json !== undefined) return { method: 'POST', path, json: { ...json, ...next }, names }
  return { method: 'GET', path: `${path}?${queryText({ ...query, ...next })}`, names }
}
