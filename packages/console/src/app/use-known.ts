import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import type { Known } from './commands.ts'
import { useApi } from './session.tsx'

const MOST = 12
/** The newest; older ones are found by their id. */
const LINKS = 200
const FRESH_MS = 30_000

/** What is on the server that a few letters could mean. Whoever may not see something finds nothing of it. */
export function useKnown(typed: string, here: string): Known {
  const api = useApi()
  const text = useDeferredValue(typed.trim())
  const place = useQuery({
    queryKey: ['files', 'found', here, text],
    queryFn: async ({ signal }) => {
      const cut = text.lastIndexOf('/')
      const folder = cut === -1 ? here : text.slice(0, cut)
      const startsWith = text.slice(cut + 1)
      const found =
        folder === ''
          ? { files: [], folders: [] }
          : await api.files.list(
              { folder, limit: MOST, ...(startsWith !== '' && { startsWith }) },
              { signal },
            )
      if (cut !== -1) return found
      const { buckets } = await api.buckets.list({}, { signal })
      const named = buckets.map(({ name }) => name).filter((name) => name.startsWith(startsWith))
      return { files: found.files, folders: [...named, ...found.folders] }
    },
    enabled: text !== '',
    retry: false,
    placeholderData: keepPreviousData,
  })
  const links = useQuery({
    queryKey: ['links', 'newest'],
    queryFn: ({ signal }) => api.links.list({ limit: LINKS }, { signal }),
    retry: false,
    staleTime: FRESH_MS,
  })
  const keys = useQuery({
    queryKey: ['keys', 'all'],
    queryFn: async ({ signal }) => {
      const [{ apiKeys }, { accessKeys }] = await Promise.all([
        api.apiKeys.list({}, { signal }),
        api.accessKeys.list({}, { signal }),
      ])
      return [...apiKeys, ...accessKeys]
    },
    retry: false,
    staleTime: FRESH_MS,
  })
  return {
    place: place.data ?? { files: [], folders: [] },
    links: links.data?.links ?? [],
    keys: keys.data ?? [],
  }
}
