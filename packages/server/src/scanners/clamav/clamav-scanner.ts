/**
 * ClamAV's daemon over its socket [CLAMD-INSTREAM]: a connection a file, the bytes in chunks with their length before them, a line
 * back.
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { ScanResult, Scanner } from '../scanner.ts'

/** Where it listens. */
export type ClamavAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number }

export interface ClamavOptions {
  readonly address: ClamavAddress
  /** When nothing has moved for so long, it counts as lost. */
  readonly idleMs: number
}

const COMMAND = 'zINSTREAM\0'
const END = Buffer.alloc(4)
/** An answer is a short line; nothing longer is one. */
const MAX_ANSWER_BYTES = 4096

export function createClamavScanner({ address, idleMs }: ClamavOptions): Scanner {
  return {
    async scan(bytes, signal) {
      signal.throwIfAborted()
      const socket = connect({ ...address, timeout: idleMs })
      const onAbort = (): void => void socket.destroy()
      signal.addEventListener('abort', onAbort)
      try {
        const answer = listen(socket)
        // It may know before the last byte, and goes then.
        await send(socket, bytes)
        const result = readAnswer(await answer)
        signal.throwIfAborted()
        return result
      } finally {
        signal.removeEventListener('abort', onAbort)
        socket.destroy()
      }
    },
  }
}

interface Heard {
  readonly text: string
  /** Why nothing more comes, if it is not for the end of the answer. */
  readonly fault: string | null
}

/** Never rejects. */
function listen(socket: Socket): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<Heard>()
  let text = ''
  let fault: string | null = null
  socket.setEncoding('latin1')
  socket.on('data', (piece: string) => {
    text += piece
    if (text.includes('\0') || text.length > MAX_ANSWER_BYTES) socket.destroy()
  })
  socket.on('timeout', () => {
    fault = 'it stood still'
    socket.destroy()
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault ??= error.code ?? error.message
  })
  socket.on('close', () => resolve({ text, fault }))
  return promise
}

/** Until the last byte, or until nobody listens any more. */
async function send(socket: Socket, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  socket.write(COMMAND)
  for await (const chunk of bytes) {
    if (socket.destroyed) return
    if (chunk.length === 0) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    socket.write(length)
    if (!socket.write(chunk)) await drained(socket)
  }
  socket.write(END)
}

function drained(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const settle = (): void => {
    socket.off('drain', settle)
    socket.off('close', settle)
    resolve()
  }
  socket.on('drain', settle)
  socket.on('close', settle)
  if (socket.destroyed) settle()
  return promise
}

const CLEAN = /^stream: OK$/
const FOUND = /^stream: (.+) FOUND$/
const TOO_LARGE = /^INSTREAM size limit exceeded/

/** What came before a fault counts: a daemon that has said no hangs up on what is still being sent. */
function readAnswer({ text, fault }: Heard): ScanResult {
  const [line = ''] = text.split('\0')
  if (CLEAN.test(line)) return { outcome: 'clean' }
  const name = FOUND.exec(line)?.[1]
  if (name !== undefined) return { outcome: 'found', name: name.replaceAll(/[^ -~]/g, '?') }
  if (TOO_LARGE.test(line)) return { outcome: 'too-large' }
  return { outcome: 'lost', why: line === '' ? (fault ?? 'it hung up') : line }
}
