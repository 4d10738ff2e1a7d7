import type { StoredFile } from '@hallpass/client'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { inTurn } from './in-turn.ts'
import { useNotices } from '../../ui/notices.tsx'

/** Deletes at once. Where the bucket keeps versions there is a way back, else the person is asked before. */
export function useDeleteFiles(): (files: readonly StoredFile[]) => void {
  const api = useApi()
  const act = useAct()
  const notices = useNotices()
  const queries = useQueryClient()
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['files'] })

  async function remove(files: readonly StoredFile[]): Promise<void> {
    const [first] = files
    if (first === undefined) return
    const bucket = await api.buckets.get({ name: first.path.split('/', 1)[0] ?? '' })
    const isKept = bucket.versioning === 'enabled'
    const what = files.length === 1 ? first.name : `${files.length} files`
    if (!isKept && !confirm(`Delete ${what} for ever, with every link to it?`)) return
    try {
      await inTurn(files, ({ id }) => api.files.delete({ id }))
    } finally {
      await refresh()
    }
    const restore = async (): Promise<void> => {
      await inTurn(files, ({ id }) => api.files.restore({ id }))
      await refresh()
    }
    notices.show({ text: `${what} deleted.`, ...(isKept && { undo: () => act(restore) }) })
  }
  return (files) => act(() => remove(files))
}
