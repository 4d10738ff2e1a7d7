/**
 * HTTP by hand, byte for byte as given: no client that repairs a target, folds dots, merges headers or adds any.
 * One request, one answer, one connection.
 */
import { connect } from 'node:net'

export interface RawRequestParts {
  readonly method: string
  /** Sent as it is. */
  readonly target: string
  /** Sent in order, repeats and odd spellings kept. `Host` is added unless it is there. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array
  /** Leaves out `Content-Length`. */
  readonly noLength?: boolean
}

export interface RawAnswer {
  readonly status: number
  /** Names in lower case; of repeats, all values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
  /** Everything that came. */
  readonly text: string
}

/** The target of a URL exactly as it stands there. */
export function targetOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash === -1 ? '/' : url.slice(slash)
}

export async function sendRaw(port: number, parts: RawRequestParts): Promise<RawAnswer> {
  return parseAnswer(await exchangeBytes(port, formatRequest(port, parts)))
}

export function formatRequest(port: number, parts: RawRequestParts): Buffer {
  const headers = [...(parts.headers ?? [])]
  if (!headers.some(([name]) => name.toLowerCase() === 'host')) {
    headers.unshift(['Host', `127.0.0.1:${port}`])
  }
  headers.push(['Connection', 'close'])
  const body = Buffer.from(parts.body ?? '')
  const hasLength = headers.some(([name]) =>
    ['content-length', 'transfer-encoding'].includes(name.toLowerCase()),
  )
  if (parts.body !== undefined && parts.noLength !== true && !hasLength) {
    headers.push(['Content-Length', String(body.byteLength)])
  }
  const head = `${parts.method} ${parts.target} HTTP/1.1\r\n${headers
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/** Sends bytes and resolves to all that came back until the server ended the connection. */
export function exchangeBytes(port: number, bytes: Uint8Array): Promise<Buffer> {
  const done = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('data', (chunk) => chunks.push(chunk))
  // A server that has refused may reset what is still being sent; what it said before counts.
  socket.on('error', () => undefined)
  socket.on('close', () => done.resolve(Buffer.concat(chunks)))
  socket.write(bytes)
  return done.promise
}

export function parseAnswer(bytes: Buffer): RawAnswer {
  const text = bytes.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end === -1 ? undefined : end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0)
  if (status === 100) return parseAnswer(bytes.subarray(end + 4))
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  const raw = end === -1 ? Buffer.alloc(0) : bytes.subarray(end + 4)
  const isChunked = headers.get('transfer-encoding')?.[0] === 'chunked'
  return { status, headers, body: isChunked ? unchunk(raw) : raw, text }
}

function unchunk(bytes: Buffer): Buffer {
  const chunks: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) break
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(chunks)
}
