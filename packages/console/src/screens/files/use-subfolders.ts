import { useInfiniteQuery } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { lastPart } from './entries.ts'

const PAGE = 1000

export interface Subfolder {
  readonly path: string
  readonly name: string
}

export interface Subfolders {
  /** `null` before anything is known. */
  readonly folders: readonly Subfolder[] | null
  readonly error: Error | null
  /** `null` where these are all. */
  readonly more: (() => void) | null
}

/** The folders directly in one, without a folder the buckets; asked for once it is open. */
export function useSubfolders(folder: string, isOpen: boolean): Subfolders {
  const api = useApi()
  const found = useInfiniteQuery({
    queryKey: ['files', 'tree', folder],
    queryFn: async ({ pageParam, signal }) => {
      if (folder === '') {
        const { buckets } = await api.buckets.list({}, { signal })
        return { folders: buckets.map(({ name }) => name), nextCursor: null }
      }
      const cursor = pageParam === null ? {} : { cursor: pageParam }
      const page = await api.files.list({ folder, limit: PAGE, ...cursor }, { signal })
      return { folders: page.folders, nextCursor: page.nextCursor }
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: isOpen,
    refetchOnWindowFocus: false,
  })
  const folders = found.data?.pages.flatMap((page) => page.folders.map(toSubfolder)) ?? null
  const { error, hasNextPage, fetchNextPage } = found
  return { folders, error, more: hasNextPage ? () => void fetchNextPage() : null }
}

function toSubfolder(path: string): Subfolder {
  const plain = path.replace(/\/$/, '')
  return { path: plain, name: lastPart(plain) }
}
