import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { useNotices } from '../../ui/notices.tsx'
import { describeEntries } from './collect-files.ts'
import type { Entry } from './entries.ts'
import { useManyFiles } from './use-many-files.ts'

export interface Moving {
  readonly entries: readonly Entry[]
  readonly isCopy: boolean
  /** The new path of each file, by its old one. */
  readonly pathOf: (path: string) => string
}

/** Moves or copies files, and folders with all that is in them; what was moved can be moved back. */
export function useMoveEntries(): (moving: Moving) => void {
  const api = useApi()
  const act = useAct()
  const notices = useNotices()
  const { collect, each, takeBack } = useManyFiles()

  async function copy({ entries, pathOf }: Moving): Promise<void> {
    const files = await collect(entries)
    if (files === null) return
    const what = describeEntries(entries, files)
    let copied = 0
    await each(`Copying ${what}`, files, async ({ id, path }) => {
      await api.files.copy({ id, path: pathOf(path) })
      copied += 1
    }).finally(() => {
      const isAll = copied === files.length
      notices.show({ text: `${isAll ? what : `${copied} of ${files.length} files`} copied.` })
    })
  }

  async function move({ entries, pathOf }: Moving): Promise<void> {
    const files = await collect(entries)
    if (files === null) return
    const what = describeEntries(entries, files)
    const moved: { readonly id: string; readonly path: string }[] = []
    const back = (): void => act(() => takeBack('Moving back', moved, api.files.update))
    await each(`Moving ${what}`, files, async ({ id, path }) => {
      // In a store of somebody else a file has another id under another name.
      const now = await api.files.update({ id, path: pathOf(path) })
      moved.push({ id: now.id, path })
    }).finally(() => {
      if (moved.length === 0) return
      const isAll = moved.length === files.length
      const subject = isAll ? what : `${moved.length} of ${files.length} files`
      notices.show({ text: `${subject} moved. Links to the old paths are dead.`, undo: back })
    })
  }
  return (moving) => act(() => (moving.isCopy ? copy(moving) : move(moving)))
}
