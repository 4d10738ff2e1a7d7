/**
 * Who is sending to which upload, in this process. A client whose connection broke asks where to go on, perhaps before this side has heard of
 * the break: what it sent is kept first, and then it is answered.
 */
import { refusal } from '../../core/errors.ts'

export interface Senders {
  /** The body, which breaks off when somebody asks, after what has arrived of it by then. `over` must be called once what came of it is kept. */
  follow(
    uploadId: string,
    body: AsyncIterable<Uint8Array>,
  ): { readonly body: AsyncIterable<Uint8Array>; readonly over: () => void }
  /** Breaks off whatever is being sent to the upload; resolves when what came of it is kept. */
  ask(uploadId: string): Promise<void>
}

interface Sender {
  readonly stop: () => void
  readonly over: Promise<void>
}

export function createSenders(): Senders {
  const known = new Map<string, Set<Sender>>()

  function enter(uploadId: string, sender: Sender): void {
    const others = known.get(uploadId) ?? new Set<Sender>()
    known.set(uploadId, others.add(sender))
  }

  function leave(uploadId: string, sender: Sender): void {
    const others = known.get(uploadId)
    others?.delete(sender)
    if (others?.size === 0) known.delete(uploadId)
  }

  return {
    follow(uploadId, body) {
      const stopping = new AbortController()
      const over = Promise.withResolvers<void>()
      const sender: Sender = { stop: () => stopping.abort(), over: over.promise }
      enter(uploadId, sender)
      return {
        body: untilStopped(body, stopping.signal),
        over: () => {
          leave(uploadId, sender)
          over.resolve()
        },
      }
    },
    async ask(uploadId) {
      const senders = [...(known.get(uploadId) ?? [])]
      for (const { stop } of senders) stop()
      await Promise.all(senders.map(({ over }) => over))
    },
  }
}

/** A sender that has not gone away and sends on is cut off after so many bytes more, and one that stands still after so long. */
const LINGER_BYTES: number = 16 * 1024 ** 2
const LINGER_MS = 250

/** Of a connection that broke there may be much to read still: it is not sent again for that. */
async function* untilStopped(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  let onStop = (): void => undefined
  const listen = (): void => onStop()
  signal.addEventListener('abort', listen)
  let lingered = 0
  try {
    while (lingered <= LINGER_BYTES) {
      let timer: NodeJS.Timeout | undefined
      // One listener for a whole body: a race with a promise that lives as long would keep every round of it.
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        onStop = () => {
          timer ??= setTimeout(() => reject(takenOver()), LINGER_MS)
        }
        chunks.next().then(resolve, reject)
        if (signal.aborted) onStop()
      })
      clearTimeout(timer)
      if (next.done === true) return
      if (signal.aborted) lingered += next.value.length
      yield next.value
    }
    throw takenOver()
  } finally {
    signal.removeEventListener('abort', listen)
    // Not awaited: a body that waits for its next chunk answers only after it.
    chunks.return?.()?.catch(() => undefined)
  }
}

function takenOver(): Error {
  return refusal('upload-offset-wrong', {})
}
