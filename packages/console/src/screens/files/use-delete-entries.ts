import type { StoredFile } from '@hallpass/client'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { useNotices } from '../../ui/notices.tsx'
import { describeEntries } from './collect-files.ts'
import type { Entry } from './entries.ts'
import { useManyFiles } from './use-many-files.ts'

/** Deletes files, and folders with all that is in them. Where the bucket keeps versions there is a way back, else the person is asked before. */
export function useDeleteEntries(): (entries: readonly Entry[]) => void {
  const api = useApi()
  const act = useAct()
  const notices = useNotices()
  const { collect, each, takeBack } = useManyFiles()

  async function remove(entries: readonly Entry[]): Promise<void> {
    const [first] = entries
    if (first === undefined) return
    const bucket = await api.buckets.get({ name: first.path.split('/', 1)[0] ?? '' })
    const isKept = bucket.versioning === 'enabled'
    const files = await collect(entries)
    if (files === null) return
    const what = describeEntries(entries, files)
    if (!isKept && !confirm(`Delete ${what} for ever, with every link to it?`)) return
    const gone: StoredFile[] = []
    const restore = (): void =>
      act(() => takeBack('Restoring', gone, ({ id }) => api.files.restore({ id, ifDeleted: true })))
    await each(`Deleting ${what}`, files, async (file) => {
      await api.files.delete({ id: file.id })
      gone.push(file)
    }).finally(() => {
      const isAll = gone.length === files.length
      const text = isAll ? `${what} deleted.` : `${gone.length} of ${files.length} files deleted.`
      notices.show({ text, ...(isKept && { undo: restore }) })
    })
  }
  return (entries) => act(() => remove(entries))
}
