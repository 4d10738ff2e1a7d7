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
  /**
   * Shows how far it is, can be stopped, and what is on the screen follows. It goes on past those that are refused; of what is left
   * in the end it says which they are and why, with a way to try them again.
   */
  readonly each: <Item extends Placed>(
    task: ManyTask<Item>,
    items: readonly Item[],
    act: (item: Item) => Promise<unknown>,
  ) => Promise<void>
}

export interface ManyTask<Item> {
  readonly title: string
  /** What is said of those that are left, such as `Not deleted`. */
  readonly left: string
  readonly again: (items: readonly Item[]) => Promise<void>
}

interface Placed {
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

  const each: ManyFiles['each'] = async ({ title, left, again }, items, act) => {
    const waiting = new Set(items)
    const reasons: string[] = []
    const task = notices.begin(title)
    try {
      await inTurn(
        items,
        async (item) => {
          const reason = await tryOne(item, act)
          if (reason === null) waiting.delete(item)
          else reasons.push(reason)
        },
        { signal: task.signal, onDone: (done) => task.update(done, items.length) },
      )
    } finally {
      task.end()
      if (waiting.size > 0) {
        notices.show({
          text: `${left}: ${waiting.size} of ${items.length} files.`,
          isFailure: true,
          details: reasons,
          retry: () => start(() => again([...waiting])),
        })
      }
      await queries.invalidateQueries({ queryKey: ['files'] })
    }
  }
  return { collect, each }
}

/** Why it was refused; `null` if it was done. */
async function tryOne<Item extends Placed>(
  item: Item,
  act: (item: Item) => Promise<unknown>,
): Promise<string | null> {
  try {
    await act(item)
    return null
  } catch (error) {
    if (!isRefusedAlone(error)) throw error
    return `${item.path}: ${error.message}`
  }
}

/** It says something of this file, and nothing of the others. */
function isRefusedAlone(error: unknown): error is Error {
  if (!isHallpassError(error) || error.status === null) return false
  return error.status < 500 && error.status !== 401 && error.status !== 429
}
