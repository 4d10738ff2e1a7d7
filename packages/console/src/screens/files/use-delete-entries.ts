import type { StoredFile } from '@hallpass/client'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { useNotices } from '../../ui/notices.tsx'
import { countFiles, describeEntries } from './collect-files.ts'
import type { Entry } from './entries.ts'
import { useManyFiles } from './use-many-files.ts'

interface Deleting {
  readonly files: readonly StoredFile[]
  readonly what: string
  /** The bucket keeps versions. */
  readonly isKept: boolean
}

/** Deletes files, and folders with all that is in them. Where the bucket keeps versions there is a way back, else the person is asked before. */
export function useDeleteEntries(): (entries: readonly Entry[]) => void {
  const api = useApi()
  const act = useAct()
  const notices = useNotices()
  const { collect, each } = useManyFiles()

  async function remove(entries: readonly Entry[]): Promise<void> {
    const [first] = entries
    if (first === undefined) return
    const bucket = await api.buckets.get({ name: first.path.split('/', 1)[0] ?? '' })
    const isKept = bucket.versioning === 'enabled'
    const files = await collect(entries)
    if (files === null) return
    const what = describeEntries(entries, files)
    if (!isKept && !confirm(`Delete ${what} for ever, with every link to it?`)) return
    await removeFiles({ files, what, isKept })
  }

  async function removeFiles({ files, what, isKept }: Deleting): Promise<void> {
    const gone: StoredFile[] = []
    const again = (left: readonly StoredFile[]): Promise<void> =>
      removeFiles({ files: left, what: countFiles(left), isKept })
    const task = { title: `Deleting ${what}`, left: 'Not deleted', again }
    await each(task, files, async (file) => {
      await api.files.delete({ id: file.id })
      gone.push(file)
    }).finally(() => {
      if (gone.length === 0) return
      const isAll = gone.length === files.length
      const text = isAll ? `${what} deleted.` : `${gone.length} of ${files.length} files deleted.`
      notices.show({ text, ...(isKept && { undo: () => act(() => restore(gone)) }) })
    })
  }

  function restore(gone: readonly StoredFile[]): Promise<void> {
    const task = { title: 'Restoring', left: 'Not back', again: restore }
    return each(task, gone, ({ id }) => api.files.restore({ id, ifDeleted: true }))
  }
  return (entries) => act(() => remove(entries))
}
