/** Whether an upload runs, stands still, or is over. */

export type UploadState = 'running' | 'paused' | 'done' | 'failed'

export interface Course {
  readonly state: () => UploadState
  /** Ends the upload. */
  readonly signal: AbortSignal
  /** Ends what is under way, also when the upload is paused. */
  readonly running: () => AbortSignal
  /** Resolves once it is not paused. */
  readonly going: () => Promise<void>
  readonly become: (state: UploadState) => void
  readonly pause: () => void
  readonly resume: () => void
  readonly abort: (reason: unknown) => void
}

export function createCourse(
  given: AbortSignal | undefined,
  onState: (state: UploadState) => void,
): Course {
  const ended = new AbortController()
  const signal = given === undefined ? ended.signal : AbortSignal.any([given, ended.signal])
  let state: UploadState = 'running'
  let running = new AbortController()
  let going = Promise.withResolvers<void>()
  going.resolve()
  const become = (next: UploadState): void => {
    state = next
    onState(next)
  }
  return {
    state: () => state,
    signal,
    running: () => AbortSignal.any([signal, running.signal]),
    going: () => orAborted(going.promise, signal),
    become,
    pause() {
      if (state !== 'running') return
      going = Promise.withResolvers()
      become('paused')
      running.abort(new Error('The upload is paused.'))
    },
    resume() {
      if (state !== 'paused') return
      running = new AbortController()
      become('running')
      going.resolve()
    },
    abort: (reason) => ended.abort(reason),
  }
}

/** What is aborted while it stands still does not stand still for ever. */
function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    void work.then(resolve)
  })
}
