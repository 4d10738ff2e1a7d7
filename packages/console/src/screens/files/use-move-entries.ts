import type { StoredFile } from '@hallpass/client'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { useNotices } from '../../ui/notices.tsx'
import { countFiles, describeEntries } from './collect-files.ts'
import type { Entry } from './entries.ts'
import { useManyFiles } from './use-many-files.ts'

export interface Moving {
  readonly entries: readonly Entry[]
  readonly isCopy: boolean
  /** The new path of each file, by its old one. */
  readonly pathOf: (path: string) => string
}

interface FilesToMove extends Pick<Moving, 'pathOf'> {
  readonly files: readonly StoredFile[]
  readonly what: string
}

interface Moved {
  readonly id: string
  /** Where it was. */
  readonly path: string
}

/** Moves or copies files, and folders with all that is in them; what was moved can be moved back. */
export function useMoveEntries(): (moving: Moving) => void {
  const api = useApi()
  const act = useAct()
  const notices = useNotices()
  const { collect, each } = useManyFiles()

  async function begin({ entries, isCopy, pathOf }: Moving): Promise<void> {
    const files = await collect(entries)
    if (files === null) return
    await (isCopy ? copy : move)({ files, what: describeEntries(entries, files), pathOf })
  }

  async function copy({ files, what, pathOf }: FilesToMove): Promise<void> {
    let copied = 0
    const again = (left: readonly StoredFile[]): Promise<void> =>
      copy({ files: left, what: countFiles(left), pathOf })
    const task = { title: `Copying ${what}`, left: 'Not copied', again }
    await each(task, files, async ({ id, path }) => {
      await api.files.copy({ id, path: pathOf(path) })
      copied += 1
    }).finally(() => {
      if (copied === 0) return
      const isAll = copied === files.length
      notices.show({ text: `${isAll ? what : `${copied} of ${files.length} files`} copied.` })
    })
  }

  async function move({ files, what, pathOf }: FilesToMove): Promise<void> {
    const moved: Moved[] = []
    const again = (left: readonly StoredFile[]): Promise<void> =>
      move({ files: left, what: countFiles(left), pathOf })
    const task = { title: `Moving ${what}`, left: 'Not moved', again }
    await each(task, files, async ({ id, path }) => {
      // In a store of somebody else a file has another id under another name.
      const now = await api.files.update({ id, path: pathOf(path) })
      moved.push({ id: now.id, path })
    }).finally(() => {
      if (moved.length === 0) return
      const isAll = moved.length === files.length
      const subject = isAll ? what : `${moved.length} of ${files.length} files`
      notices.show({
        text: `${subject} moved. Links to the old paths are dead.`,
        undo: () => act(() => moveBack(moved)),
      })
    })
  }

  function moveBack(moved: readonly Moved[]): Promise<void> {
    const task = { title: 'Moving back', left: 'Not back', again: moveBack }
    return each(task, moved, api.files.update)
  }
  return (moving) => act(() => begin(moving))
}
