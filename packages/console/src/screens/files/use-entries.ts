import { useInfiniteQuery } from '@tanstack/react-query'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { entriesOf, folderEntry } from './entries.ts'
import type { Entry } from './entries.ts'

const PAGE = 1000

/** The entries of a folder, page after page; without a folder the buckets. */
export function useEntries(folder: string): UseInfiniteQueryResult<Entry[]> {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['files', folder],
    queryFn: async ({ pageParam, signal }) => {
      if (folder !== '') {
        const cursor = pageParam === null ? {} : { cursor: pageParam }
        return api.files.list({ folder, limit: PAGE, ...cursor }, { signal })
      }
      const { buckets } = await api.buckets.list({}, { signal })
      return { files: [], folders: buckets.map(({ name }) => name), nextCursor: null }
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) =>
      folder === '' ? pages.flatMap((page) => page.folders.map(folderEntry)) : entriesOf(pages),
  })
}
