import type { FilePage } from '@hallpass/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApi } from '../../app/session.tsx'
import { rowsOf } from './entries.ts'
import type { Entry, Rows } from './entries.ts'

const PAGE = 1000
const NOTHING: readonly FilePage[] = []

export interface Entries {
  readonly found: UseInfiniteQueryResult<InfiniteData<FilePage>>
  readonly rows: Rows<Entry>
}

/** The entries of a folder, page after page; without a folder the buckets. */
export function useEntries(folder: string, startsWith: string): Entries {
  const api = useApi()
  const found = useInfiniteQuery({
    queryKey: ['files', folder, startsWith],
    queryFn: async ({ pageParam, signal }) => {
      if (folder !== '') {
        const cursor = pageParam === null ? {} : { cursor: pageParam }
        const begin = startsWith === '' ? {} : { startsWith }
        return api.files.list({ folder, limit: PAGE, ...begin, ...cursor }, { signal })
      }
      const { buckets } = await api.buckets.list({}, { signal })
      const names = buckets.map(({ name }) => name).filter((name) => name.startsWith(startsWith))
      return { files: [], folders: names, nextCursor: null }
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // A long list is neither compared with itself nor read anew each time the window is looked at.
    structuralSharing: false,
    refetchOnWindowFocus: false,
  })
  const pages = found.data?.pages ?? NOTHING
  const rows = useMemo(() => rowsOf(pages), [pages])
  return { found, rows }
}
