/** Sends what of a file is not there yet, several parts at once, and each again until it is there. */
import { isHallpassError } from '../hallpass-error.ts'
import { wait } from '../send.ts'
import type { Course } from './course.ts'
import type { UploadAnswer } from './protocol.ts'
import { sendBytes } from './send-bytes.ts'
import { createPartSigner } from './sign-parts.ts'
import type { Ask, PartSigner } from './sign-parts.ts'

export interface Sending {
  readonly file: Blob
  readonly route: string
  readonly parallel: number
  /** How often in a row a part may fail. */
  readonly retries: number
  readonly course: Course
  /** How many bytes of a part are there, or on their way. */
  readonly note: (part: number, bytes: number) => void
  readonly ask: Ask
}

const LONGEST_PAUSE_MS = 30_000

/** What is known of an upload under way. */
interface Under extends Sending {
  readonly id: string
  readonly signer: PartSigner
  /** Parts that arrived. */
  readonly there: Set<number>
  readonly queue: number[]
  readonly bytesOf: (part: number) => Blob
}

/** Resolves once every part is there. Rejects with a `HallpassError`, or with the reason of the course's end. */
export async function sendParts(begun: UploadAnswer, sending: Sending): Promise<void> {
  const { file, route, ask, parallel } = sending
  const { id, partSize, partCount } = begun.upload
  const under: Under = {
    ...sending,
    id,
    signer: createPartSigner(begun, route, ask),
    there: new Set(),
    queue: [],
    bytesOf: (part) =>
      partSize === null ? file : file.slice((part - 1) * partSize, part * partSize),
  }
  see(under, begun)
  for (let part = 1; part <= partCount; part += 1) {
    if (!under.there.has(part)) under.queue.push(part)
  }
  const work = async (): Promise<void> => {
    for (let part = under.queue.shift(); part !== undefined; part = under.queue.shift()) {
      await sendUntilThere(under, part)
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, under.queue.length) }, work))
}

/** Takes in what the server says is there. */
function see({ there, note, bytesOf }: Under, { upload }: UploadAnswer): void {
  const { status, parts, partCount } = upload
  for (const { number } of parts) there.add(number)
  if (status === 'finished') for (let part = 1; part <= partCount; part += 1) there.add(part)
  for (const part of there) note(part, bytesOf(part).size)
}

async function sendUntilThere(under: Under, part: number): Promise<void> {
  const { there, course, note, retries } = under
  for (let failures = 0; !there.has(part);) {
    await course.going()
    const signal = course.running()
    let hasMoved = false
    try {
      const request = await under.signer.requestFor(part, under.queue)
      const onProgress = (bytes: number): void => {
        hasMoved ||= bytes > 0
        note(part, bytes)
      }
      await sendBytes({ request, body: under.bytesOf(part), signal, onProgress })
      there.add(part)
      note(part, request.size)
    } catch (error) {
      note(part, 0)
      course.signal.throwIfAborted()
      if (signal.aborted) continue
      failures = hasMoved ? 1 : failures + 1
      if (failures > mostFailures(error, retries)) throw error
      await recover(under, part, { error, failures })
    }
  }
}

async function recover(
  under: Under,
  part: number,
  { error, failures }: { readonly error: unknown; readonly failures: number },
): Promise<void> {
  const { signer, course, ask, route, id, retries } = under
  signer.forget(part)
  await backOnline(course.signal)
  if (failures > 1 || !isHallpassError(error, 'upload-refused')) {
    const drawn = 500 * 2 ** Math.min(failures - 1, 6) * (0.5 + Math.random())
    await wait(Math.min(drawn, LONGEST_PAUSE_MS), course.signal)
  }
  try {
    // It may have arrived although nobody heard of it.
    const now = await ask({ action: 'look', route, id })
    see(under, now)
    if (now.upload.status === 'ended') throw error
  } catch (failed) {
    if (failed === error || mostFailures(failed, retries) === 0) throw failed
  }
}

/** How often it may happen in a row. */
function mostFailures(error: unknown, retries: number): number {
  if (!isHallpassError(error)) return 0
  const { code, status } = error
  // It looks the same for a moment when a connection breaks.
  if (code === 'cors-refused') return Math.min(2, retries)
  if (status === null || status === 429 || status >= 500) return retries
  // A URL that ran out is signed again; anything else will not change.
  return code === 'upload-refused' ? Math.min(2, retries) : 0
}

/** Resolves at once unless the browser knows that there is no network. */
function backOnline(signal: AbortSignal): Promise<void> {
  const isTold = typeof navigator !== 'undefined' && 'onLine' in navigator
  if (!isTold || navigator.onLine || typeof addEventListener === 'undefined') {
    return Promise.resolve()
  }
  return new Promise((resolve, reject) => {
    addEventListener('online', () => resolve(), { once: true, signal })
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
