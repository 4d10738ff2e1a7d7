/** Files on their way to the server, each with how far it is. A few at a time; the others wait. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { storedKey } from '../../app/session.tsx'

export interface Upload {
  readonly id: number
  readonly path: string
  readonly sent: number
  readonly total: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  /** Why it failed. */
  readonly reason: string | null
}

export interface Uploads {
  readonly all: readonly Upload[]
  readonly add: (folder: string, files: readonly NamedFile[]) => void
  readonly clear: () => void
}

export interface NamedFile {
  /** Relative to the folder. */
  readonly name: string
  readonly file: File
}

const AT_ONCE = 3

export function useUploads(): Uploads {
  const queries = useQueryClient()
  const [all, setAll] = useState<readonly Upload[]>([])
  const waiting = useRef<{ readonly upload: Upload; readonly file: File }[]>([])
  const sending = useRef(0)
  const count = useRef(0)

  const change = (id: number, what: Partial<Upload>): void =>
    setAll((before) => before.map((upload) => (upload.id === id ? { ...upload, ...what } : upload)))

  const pump = (): void => {
    while (sending.current < AT_ONCE) {
      const next = waiting.current.shift()
      if (next === undefined) break
      sending.current += 1
      const { id, path } = next.upload
      change(id, { state: 'sending' })
      send(path, next.file, (sent) => change(id, { sent }))
        .then(
          () => change(id, { state: 'done', sent: next.file.size }),
          (error: unknown) =>
            change(id, {
              state: 'failed',
              reason: error instanceof Error ? error.message : String(error),
            }),
        )
        .finally(() => {
          sending.current -= 1
          if (sending.current === 0) void queries.invalidateQueries({ queryKey: ['files'] })
          pump()
        })
    }
  }
  return {
    all,
    add(folder, files) {
      const added = files.map(({ name, file }) => {
        count.current += 1
        const path = `${folder}/${name}`
        const size = { sent: 0, total: file.size }
        const upload: Upload = { id: count.current, path, ...size, state: 'waiting', reason: null }
        return { upload, file }
      })
      waiting.current.push(...added)
      setAll((before) => [...before, ...added.map(({ upload }) => upload)])
      pump()
    },
    clear: () =>
      setAll((before) => before.filter(({ state }) => state === 'waiting' || state === 'sending')),
  }
}

/** `fetch` does not say how much of a body has left. */
function send(path: string, file: File, onSent: (bytes: number) => void): Promise<void> {
  const done = Promise.withResolvers<void>()
  const request = new XMLHttpRequest()
  request.open('PUT', `/v1/files?${new URLSearchParams({ path })}`)
  request.setRequestHeader('authorization', `Bearer ${storedKey() ?? ''}`)
  request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
  request.addEventListener('error', () => done.reject(new Error('The connection broke.')))
  request.addEventListener('load', () => {
    if (request.status < 300) done.resolve()
    else done.reject(new Error(reasonOf(request)))
  })
  request.send(file)
  return done.promise
}

function reasonOf({ status, responseText }: XMLHttpRequest): string {
  try {
    const problem: unknown = JSON.parse(responseText)
    if (typeof problem === 'object' && problem !== null && 'detail' in problem)
      return String(problem.detail)
  } catch {
    // Not from our server: what there is to say is the status.
  }
  return `The server answered ${status}.`
}
