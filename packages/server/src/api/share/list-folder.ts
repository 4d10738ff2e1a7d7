/** One page of a shared folder, or of a folder within it. */
import type { Visitor } from '../../auth/authenticate-share.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../../core/context.ts'
import { listFiles } from '../../core/files/files.ts'
import { parseKeyPrefix } from '../../core/paths.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { authorize } from '../../core/policy/authorize.ts'

export const SORTS = ['name', '-name', 'size', '-size', 'changed', '-changed'] as const
export type Sort = (typeof SORTS)[number]

export interface FolderView {
  readonly path: ObjectPath
  /** The path below what is shared; `''` at its top, else it ends in a slash. */
  readonly within: string
  /** Names below that, each with a slash at its end. */
  readonly folders: readonly string[]
  readonly files: readonly FileRecord[]
  readonly sort: Sort
  /** False where it does not fit onto one page: then names are in their order. */
  readonly isSortable: boolean
  /** What `after` is on the next page; `null` on the last. */
  readonly next: string | null
}

/** On one page. */
const MAX_SHOWN = 1000

/** Takes `in`, `sort` and `after` of an address. Throws what the rules of that folder say. */
export async function listSharedFolder(
  core: CoreContext,
  { grant, caller }: Visitor,
  query: URLSearchParams,
): Promise<FolderView> {
  const within = asFolder(query.get('in') ?? '')
  const path = { bucket: grant.bucket, key: parseKeyPrefix(grant.key + within) }
  const permit = await authorize(core, caller, 'list', path)
  const after = query.get('after') ?? ''
  const page = await listFiles(core, permit, {
    delimiter: '/',
    // Never before what is shared.
    after: after === '' ? '' : path.key + after,
    limit: MAX_SHOWN,
  })
  const folders: string[] = []
  const files: FileRecord[] = []
  for (const entry of page.entries) {
    if (entry.kind === 'prefix') folders.push(entry.prefix.slice(path.key.length))
    // A folder's own marker is no file in it.
    else if (entry.file.key !== path.key) files.push(entry.file)
  }
  const isSortable = after === '' && page.nextAfter === null
  const sort = isSortable ? chooseSort(query.get('sort')) : 'name'
  return {
    path,
    within,
    folders: sort === '-name' ? folders.toReversed() : folders,
    files: files.toSorted(ORDERS[sort]),
    sort,
    isSortable,
    next: page.nextAfter === null ? null : page.nextAfter.slice(path.key.length),
  }
}

/** With a slash at its end, unless it is the top. */
export function asFolder(within: string): string {
  return within === '' || within.endsWith('/') ? within : `${within}/`
}

function chooseSort(asked: string | null): Sort {
  return SORTS.find((known) => known === asked) ?? 'name'
}

type Order = (a: FileRecord, b: FileRecord) => number

/** Names stay in the order in which they are stored, where nothing else decides. */
const ORDERS: Readonly<Record<Sort, Order>> = {
  name: () => 0,
  '-name': (a, b) => (a.key < b.key ? 1 : -1),
  size: (a, b) => a.size - b.size,
  '-size': (a, b) => b.size - a.size,
  changed: (a, b) => a.modifiedAt - b.modifiedAt,
  '-changed': (a, b) => b.modifiedAt - a.modifiedAt,
}
