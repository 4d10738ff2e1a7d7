/** An upload in a component: begun by whoever picks a file, and shown as it goes on. */
import { upload } from '@hallpass/client/upload'
import type {
  FileUpload,
  Progress,
  UploadDone,
  UploadOptions,
  UploadState,
} from '@hallpass/client/upload'
import { useCallback, useEffect, useRef, useState } from 'react'

/** As for `upload`, but for the route. */
export type UseUploadOptions = Partial<Omit<UploadOptions, 'route' | 'signal'>>

interface Standing {
  readonly state: 'idle' | UploadState
  readonly progress: Progress
  /** What it failed for; `null` if it did not. */
  readonly error: unknown
  readonly result: UploadDone | null
}

export interface UploadInHand extends Standing {
  /** Gives the file that is there, or rejects as `upload` does. One that is under way is given up. */
  readonly start: (file: Blob, input?: unknown) => Promise<UploadDone>
  readonly pause: () => void
  readonly resume: () => void
  readonly abort: () => void
}

const NOTHING: Standing = {
  state: 'idle',
  progress: { sent: 0, total: 0, secondsLeft: null },
  error: null,
  result: null,
}

/**
 * ```tsx
 * const { start, state, progress } = useUpload('avatar')
 * <input type="file" onChange={(event) => void start(event.target.files[0])} />
 * ```
 *
 * `endpoint` is `/api/upload` unless said otherwise. An upload goes on when its component is gone.
 */
export function useUpload(route: string, options: UseUploadOptions = {}): UploadInHand {
  const [standing, setStanding] = useState(NOTHING)
  const current = useRef<FileUpload | null>(null)
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  useEffect(
    () => () => {
      current.current = null
    },
    [],
  )

  const start = useCallback(
    (file: Blob, input?: unknown): Promise<UploadDone> => {
      current.current?.abort()
      const up = upload(file, {
        endpoint: '/api/upload',
        ...latest.current,
        ...(input !== undefined && { input }),
        route,
      })
      current.current = up
      const show = (change: Partial<Standing>): void => {
        // Another one took its place, or nobody looks any more.
        if (current.current === up) setStanding((before) => ({ ...before, ...change }))
      }
      show({ ...NOTHING, state: 'running', progress: up.progress })
      up.on('progress', (progress) => show({ progress }))
      up.on('state', (state) => {
        if (state === 'running' || state === 'paused') show({ state })
      })
      up.done.then(
        (result) => show({ state: 'done', result }),
        (error: unknown) => show({ state: 'failed', error }),
      )
      return up.done
    },
    [route],
  )
  const pause = useCallback(() => current.current?.pause(), [])
  const resume = useCallback(() => current.current?.resume(), [])
  const abort = useCallback(() => current.current?.abort(), [])
  return { ...standing, start, pause, resume, abort }
}
