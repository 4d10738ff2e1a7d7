/** Uploads a file from a page, straight to where files are kept, by leave of the application's own server. */
import type { StoredFile } from '../generated/api.ts'
import { HallpassError, isHallpassError } from '../hallpass-error.ts'
import { createSend } from '../send.ts'
import { createCourse } from './course.ts'
import type { Course, UploadState } from './course.ts'
import { createMeter } from './progress.ts'
import type { Progress } from './progress.ts'
import { remembered } from './remember.ts'
import type { UploadAnswer, UploadCall } from './protocol.ts'
import { sendParts } from './send-parts.ts'
import type { Ask } from './sign-parts.ts'

export interface UploadOptions {
  /** Where `createUploadHandler` answers: `/api/upload`; or what answers in its place. */
  readonly endpoint: string | UploadEndpoint
  /** Which of its routes. */
  readonly route: string
  /** Whatever `authorise` of the route wants to know. */
  readonly input?: unknown
  /** Sent along to the endpoint; cookies go by themselves. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Parts on their way at once; 4 unless said otherwise. */
  readonly parallel?: number | undefined
  /** How often in a row a part may fail; 8 unless said otherwise. Waiting for the network does not count. */
  readonly retries?: number | undefined
  /** False: a reload of the page begins anew. */
  readonly resume?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Says what to do next, as the application's server would. */
export type UploadEndpoint = (
  call: UploadCall,
  options: { readonly signal: AbortSignal },
) => Promise<UploadAnswer>

/** The file, or under which id it waits in quarantine until it was looked at. */
export type UploadDone =
  | {
      readonly file: StoredFile
      readonly heldId: null
      /** What `onUploaded` gave. */
      readonly data: unknown
    }
  | { readonly file: null; readonly heldId: string; readonly data: undefined }

export interface UploadEvents {
  readonly progress: Progress
  readonly state: UploadState
}

export interface FileUpload {
  /** Rejects with a {@link HallpassError}, or with the reason it was aborted for. */
  readonly done: Promise<UploadDone>
  readonly state: UploadState
  readonly progress: Progress
  /** Gives what ends the listening. */
  on<Name extends keyof UploadEvents>(
    name: Name,
    listener: (event: UploadEvents[Name]) => void,
  ): () => void
  readonly pause: () => void
  readonly resume: () => void
  /** Gives it up, with what has been sent. */
  readonly abort: (reason?: unknown) => void
}

/**
 * ```ts
 * const up = upload(file, { endpoint: '/api/upload', route: 'avatar' })
 * up.on('progress', ({ sent, total }) => { bar.value = sent / total })
 * const { file: stored, heldId } = await up.done
 * ```
 */
export function upload(file: Blob, options: UploadOptions): FileUpload {
  const listeners = { progress: new Set(), state: new Set() } as {
    [Name in keyof UploadEvents]: Set<(event: UploadEvents[Name]) => void>
  }
  const meter = createMeter(file.size, () => performance.now())
  const course = createCourse(options.signal, (state) => {
    for (const listener of listeners.state) listener(state)
  })
  const note = (part: number, bytes: number): void => {
    meter.set(part, bytes)
    for (const listener of listeners.progress) listener(meter.read())
  }
  const done = runUpload(file, options, { course, note }).then(
    (result) => (course.become('done'), result),
    (error: unknown) => {
      course.become('failed')
      throw error
    },
  )
  // Whoever listens to the state alone is not to hear of it as an error that nobody caught.
  done.catch(() => undefined)
  const { pause, resume, abort } = course
  return {
    done,
    get state() {
      return course.state()
    },
    get progress() {
      return meter.read()
    },
    on: (name, listener) => {
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
    pause,
    resume,
    abort: (reason = new DOMException('The upload was aborted.', 'AbortError')) => abort(reason),
  }
}

interface Run {
  readonly course: Course
  readonly note: (part: number, bytes: number) => void
}

async function runUpload(file: Blob, options: UploadOptions, run: Run): Promise<UploadDone> {
  const { route } = options
  const { signal } = run.course
  const ask = createAsk(options, signal)
  const fingerprint = options.resume === false ? null : fingerprintOf(file, options)
  let answer = await begin(file, options, { ask, fingerprint })
  const { id } = answer.upload
  if (fingerprint !== null) await remembered.keep(fingerprint, id)
  try {
    if (answer.upload.status === 'open') {
      const { parallel = 4, retries = 8 } = options
      await sendParts(answer, { file, route, parallel, retries, ask, ...run })
    }
    answer = await ask({ action: 'complete', route, id })
  } catch (error) {
    if (signal.aborted) {
      const giveUp = createAsk(options, AbortSignal.timeout(10_000))
      await giveUp({ action: 'abort', route, id }).catch(() => undefined)
    }
    const isOver = signal.aborted || isHallpassError(error, 'upload-not-found', 'link-revoked')
    if (fingerprint !== null && isOver) await remembered.forget(fingerprint)
    throw error
  }
  if (fingerprint !== null) await remembered.forget(fingerprint)
  return doneBy(answer)
}

function doneBy({ file, heldId = null, data }: UploadAnswer): UploadDone {
  if (file !== null) return { file, heldId: null, data }
  if (heldId !== null) return { file: null, heldId, data: undefined }
  throw new HallpassError({ code: 'file-not-found', message: 'The file is gone already.' })
}

/** The upload that this file is of already, or a new one. */
async function begin(
  file: Blob,
  { route, input }: UploadOptions,
  { ask, fingerprint }: { readonly ask: Ask; readonly fingerprint: string | null },
): Promise<UploadAnswer> {
  const known = fingerprint === null ? null : await remembered.find(fingerprint)
  if (known !== null) {
    try {
      const answer = await ask({ action: 'look', route, id: known })
      if (answer.upload.status !== 'ended' && answer.upload.size === file.size) return answer
    } catch (error) {
      // Another server, or one that forgot it.
      if (!isHallpassError(error) || (error.status ?? 500) >= 500) throw error
    }
  }
  const { size, type } = file
  return ask({ action: 'begin', route, file: { name: nameOf(file), size, type }, input })
}

function createAsk({ endpoint, headers = {} }: UploadOptions, signal: AbortSignal): Ask {
  if (typeof endpoint === 'function') return (call) => endpoint(call, { signal })
  const common = { url: '', key: undefined, fetch: undefined, retries: 8, timeout: 60_000 }
  const send = createSend({ ...common, headers, isRepeatable: true })
  return async (call: UploadCall) => {
    const response = await send(
      {
        method: 'POST',
        path: endpoint,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(call),
      },
      { signal },
    )
    return (await response.json()) as UploadAnswer
  }
}

function nameOf(file: Blob): string {
  return 'name' in file && typeof file.name === 'string' ? file.name : 'file'
}

/** `null` of what has no name: nothing would tell it from another. */
function fingerprintOf(file: Blob, { endpoint, route }: UploadOptions): string | null {
  if (!('lastModified' in file)) return null
  const { name, size, type, lastModified } = file as File
  const where = typeof endpoint === 'function' ? '' : endpoint
  return JSON.stringify([where, route, name, size, type, lastModified])
}
