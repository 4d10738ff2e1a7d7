/** What runs in the page of `upload.test.ts`: uploads of the file that was picked, and what they said of themselves. */
import { isHallpassError, upload } from '@hallpass/client/upload'
import type { FileUpload, UploadOptions } from '@hallpass/client/upload'

export interface PageOutcome {
  /** `''` if it succeeded. */
  readonly code: string
  readonly message: string
  readonly path: string
  readonly data: unknown
  /** Of the progress events: none went past the total, and the last was the total. */
  readonly isWhole: boolean
  readonly states: readonly string[]
}

let current: FileUpload | null = null
let outcome: Promise<PageOutcome> | null = null

function picked(): File {
  const input = document.querySelector('input')
  const file = input?.files?.[0]
  if (file === undefined) throw new Error('no file was picked')
  return file
}

export function start(options: UploadOptions): void {
  const file = picked()
  const up = upload(file, options)
  current = up
  const states: string[] = []
  let last = 0
  let isWithin = true
  up.on('state', (state) => states.push(state))
  up.on('progress', ({ sent, total }) => {
    last = sent
    isWithin &&= sent <= total && total === file.size
  })
  outcome = up.done.then(
    ({ file: stored, data }) => ({
      code: '',
      message: '',
      path: stored?.path ?? '',
      data,
      isWhole: isWithin && last === file.size,
      states,
    }),
    (error: unknown) => ({
      code: isHallpassError(error) ? error.code : String(error),
      message: error instanceof Error ? error.message : '',
      path: '',
      data: null,
      isWhole: false,
      states,
    }),
  )
}

export function end(): Promise<PageOutcome> {
  if (outcome === null) throw new Error('nothing was started')
  return outcome
}

export function act(name: 'pause' | 'resume' | 'abort'): void {
  current?.[name]()
}
