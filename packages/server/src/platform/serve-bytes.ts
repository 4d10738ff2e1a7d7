/**
 * What a thread does that is fed with bytes (byte-threads.ts): several streams at a time, each into a work of its own. Nothing is caught: a
 * thread that fails ends, and so does every stream that it had.
 */
import type { MessagePort } from 'node:worker_threads'

/** What is made of one stream. */
export interface ByteWork<Result> {
  /** The memory is somebody else's as soon as this returns. */
  update(bytes: Uint8Array): void
  finish(): Result
}

export type ToByteThread<Task> =
  | { readonly kind: 'open'; readonly id: number; readonly task: Task }
  /** Where in the shared memory the next bytes of the stream are. */
  | {
      readonly kind: 'bytes'
      readonly id: number
      readonly start: number
      readonly length: number
    }
  | { readonly kind: 'finish'; readonly id: number }
  | { readonly kind: 'drop'; readonly id: number }

export type FromByteThread<Result> =
  /** The bytes that were told first of those that were not read yet. */
  | { readonly kind: 'read'; readonly id: number }
  /** `null` of a stream that was dropped. */
  | { readonly kind: 'over'; readonly id: number; readonly result: Result | null }

/** Returns the streams that are under way. */
export function serveBytes<Result>(
  port: MessagePort,
  memory: SharedArrayBuffer,
  // What comes from another thread has no type: the two that open and begin agree on one.
  begin: (task: never) => ByteWork<Result>,
): ReadonlyMap<number, ByteWork<Result>> {
  const works = new Map<number, ByteWork<Result>>()
  const answer = (message: FromByteThread<Result>): void => port.postMessage(message)

  port.on('message', (message: ToByteThread<never>) => {
    const { kind, id } = message
    if (kind === 'open') {
      works.set(id, begin(message.task))
      return
    }
    const work = works.get(id)
    if (work === undefined) throw new Error(`Stream ${id} was not opened.`)
    if (kind === 'bytes') {
      work.update(new Uint8Array(memory, message.start, message.length))
      answer({ kind: 'read', id })
      return
    }
    works.delete(id)
    answer({ kind: 'over', id, result: kind === 'finish' ? work.finish() : null })
  })
  return works
}
