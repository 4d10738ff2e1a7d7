import type { StoredFile } from '@hallpass/client'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { collectFiles } from './collect-files.ts'
import type { Entry } from './entries.ts'
import { inTurn } from './in-turn.ts'

export interface ManyFiles {
  /** What the entries are made of; `null` if somebody stopped it. */
  readonly collect: (entries: readonly Entry[]) => Promise<readonly StoredFile[] | null>
  /** Shows how far it is, can be stopped, and what is on the screen follows. */
  readonly each: <Item>(
    title: string,
    items: readonly Item[],
    act: (item: Item) => Promise<unknown>,
  ) => Promise<void>
}

/** What is done with as many files as lie somewhere, before the eyes of whoever began it. */
export function useManyFiles(): ManyFiles {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  return {
    async collect(entries) {
      const task = notices.begin('Looking at what is there')
      try {
        return await collectFiles(api, entries, task.signal)
      } catch (error) {
        if (task.signal.aborted) return null
        throw error
      } finally {
        task.end()
      }
    },
    async each(title, items, act) {
      const task = notices.begin(title)
      try {
        await inTurn(items, act, {
          signal: task.signal,
          onDone: (done) => task.update(done, items.length),
        })
      } finally {
        task.end()
        await queries.invalidateQueries({ queryKey: ['files'] })
      }
    },
  }
}
