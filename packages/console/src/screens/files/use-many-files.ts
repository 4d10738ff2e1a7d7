import { isHallpassError } from '@hallpass/client'
import type { StoredFile } from '@hallpass/client'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
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
  /** The same for what was done: it goes on past those that are refused, and says which they are and why. */
  readonly takeBack: <Item extends Done>(
    title: string,
    items: readonly Item[],
    act: (item: Item) => Promise<unknown>,
  ) => Promise<void>
}

interface Done {
  /** Where the file is to be again. */
  readonly path: string
}

/** What is done with as many files as lie somewhere, before the eyes of whoever began it. */
export function useManyFiles(): ManyFiles {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const start = useAct()

  const collect: ManyFiles['collect'] = async (entries) => {
    const task = notices.begin('Looking at what is there')
    try {
      return await collectFiles(api, entries, task.signal)
    } catch (error) {
      if (task.signal.aborted) return null
      throw error
    } finally {
      task.end()
    }
  }

  const each: ManyFiles['each'] = async (title, items, act) => {
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
  }

  const takeBack: ManyFiles['takeBack'] = async (title, items, act) => {
    const left = new Set(items)
    const reasons: string[] = []
    await each(title, items, async (item) => {
      try {
        await act(item)
        left.delete(item)
      } catch (error) {
        if (!isRefusedAlone(error)) throw error
        reasons.push(`${item.path}: ${error.message}`)
      }
    }).finally(() => {
      if (left.size === 0) return
      notices.show({
        text: `Not back: ${left.size} of ${items.length} files.`,
        isFailure: true,
        details: reasons,
        retry: () => start(() => takeBack(title, [...left], act)),
      })
    })
  }
  return { collect, each, takeBack }
}

/** It says something of this file, and nothing of the others. */
function isRefusedAlone(error: unknown): error is Error {
  if (!isHallpassError(error) || error.status === null) return false
  return error.status < 500 && error.status !== 401 && error.status !== 429
}
