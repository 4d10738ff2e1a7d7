/** The uploads of this page, which go on whatever screen is shown. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { useApi } from './session.tsx'
import { createUploadQueue, isOver } from './upload-queue.ts'
import type { QueuedUpload, UploadQueue } from './upload-queue.ts'

const UploadsContext = createContext<UploadQueue | null>(null)

export function UploadsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const api = useApi()
  const queries = useQueryClient()
  const queue = useMemo(
    () => createUploadQueue(api, () => void queries.invalidateQueries({ queryKey: ['files'] })),
    [api, queries],
  )
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (!queue.all().every(isOver)) event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => {
      removeEventListener('beforeunload', warn)
      // Whoever signs in next does not go on with what somebody else began.
      queue.stop()
    }
  }, [queue])
  return <UploadsContext value={queue}>{children}</UploadsContext>
}

export function useUploads(): UploadQueue {
  const queue = useContext(UploadsContext)
  if (queue === null) throw new Error('Uploads are for those who signed in.')
  return queue
}

export function useUploadList(): readonly QueuedUpload[] {
  const queue = useUploads()
  return useSyncExternalStore(queue.subscribe, queue.all)
}
