/** A client that downloads, on a connection of its own, which the kernel may give to any worker. */
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'

export interface Download {
  /** 0 if no answer came. */
  readonly status: number
  readonly bytes: number
  /** All that the head announced came. */
  readonly isWhole: boolean
}

export interface DownloadOptions {
  readonly range?: string
  /** Reads one buffer, and then the next after this long; all the rest at once when it is aborted. */
  readonly slowly?: { readonly pauseMs: number; readonly until: AbortSignal }
  /** Told of every buffer. */
  readonly onBytes?: () => void
}

const NO_ANSWER = { status: 0, bytes: 0, isWhole: false }

/** Never rejects. */
export function download(url: string, options: DownloadOptions = {}): Promise<Download> {
  const { promise, resolve } = Promise.withResolvers<Download>()
  const { range } = options
  const asked = request(
    url,
    { agent: new Agent({ keepAlive: false }), headers: range === undefined ? {} : { range } },
    (answer) => void read(answer, options).then(resolve),
  )
  asked.on('error', () => resolve(NO_ANSWER))
  asked.end()
  return promise
}

function read(answer: IncomingMessage, { slowly, onBytes }: DownloadOptions): Promise<Download> {
  const { promise, resolve } = Promise.withResolvers<Download>()
  let bytes = 0
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    onBytes?.()
    if (slowly === undefined || slowly.until.aborted) return
    answer.pause()
    setTimeout(() => answer.resume(), slowly.pauseMs)
  })
  answer.on('error', () => undefined)
  answer.on('close', () => {
    resolve({
      status: answer.statusCode ?? 0,
      bytes,
      isWhole: answer.complete,
    })
  })
  return promise
}
