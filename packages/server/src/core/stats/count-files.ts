/** One walk over the versions of a place: of each name the first is what is there, the others lie behind it. */
import type { VersionRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { Place } from './find-places.ts'

export interface CountedBytes {
  readonly count: number
  readonly bytes: number
  readonly isPartial: boolean
}

export interface CountedFiles {
  readonly files: CountedBytes
  /** Behind the current ones. */
  readonly versions: CountedBytes
}

const PAGE = 1000

/** So many versions are looked at, of all places together. */
export const MAX_VERSIONS = 5000

export async function countFiles(
  { files }: Pick<CoreContext, 'files'>,
  places: readonly Place[],
  { most = MAX_VERSIONS, isCut = false } = {},
): Promise<CountedFiles> {
  const there = { count: 0, bytes: 0 }
  const behind = { count: 0, bytes: 0 }
  let seen = 0
  let isPartial = isCut
  for (const { bucket, prefix } of places) {
    let last: string | null = null
    let next: { after: string; afterVersionId: string | null } | null = {
      after: '',
      afterVersionId: null,
    }
    while (next !== null && seen < most) {
      const limit = Math.min(PAGE, most - seen)
      const page = await files.listVersions({ bucket, prefix, delimiter: '', ...next, limit })
      seen += page.entries.length
      for (const version of page.entries.flatMap((entry) =>
        entry.kind === 'file' ? [entry.file] : [],
      )) {
        add(version.key === last ? behind : there, version)
        last = version.key
      }
      next =
        page.nextAfter === null
          ? null
          : { after: page.nextAfter, afterVersionId: page.nextAfterVersionId }
    }
    isPartial ||= next !== null
  }
  return { files: { ...there, isPartial }, versions: { ...behind, isPartial } }
}

function add(sum: { count: number; bytes: number }, version: VersionRecord): void {
  if (version.isDeleteMarker) return
  sum.count += 1
  sum.bytes += version.size
}
