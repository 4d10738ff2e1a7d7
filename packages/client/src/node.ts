/** For servers that take Node's requests, such as Express: handlers of this package as listeners. */

/** As much of `http.IncomingMessage` as is needed. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** What `express.json()` made of the body, if it was there before. */
  readonly body?: unknown
}

/** As much of `http.ServerResponse` as is needed. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown
  end(body: Uint8Array): unknown
}

/** Above what any handler of this package reads. */
const MAX_BYTES = 128 * 1024

/** `app.post('/api/upload', toNodeListener(createUploadHandler({ … })))` */
export function toNodeListener(
  handle: (request: Request) => Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    const answer = await handle(await toRequest(request))
    const body = new Uint8Array(await answer.arrayBuffer())
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(body)
  }
}

async function toRequest(request: NodeRequest): Promise<Request> {
  const { method = 'GET', url = '/', headers } = request
  const init: RequestInit = { method, headers: toHeaders(headers) }
  if (method !== 'GET' && method !== 'HEAD') init.body = await readBody(request)
  // Where it stands is nothing that a handler asks for.
  return new Request(new URL(url, 'http://localhost'), init)
}

function toHeaders(headers: NodeRequest['headers']): Headers {
  const made = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string') made.append(name, one)
    }
  }
  return made
}

async function readBody(request: NodeRequest): Promise<BodyInit> {
  if (request.body !== undefined) return JSON.stringify(request.body)
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.byteLength
    // What follows is refused for its size, and needs no memory for that.
    if (size > MAX_BYTES) break
    pieces.push(new Uint8Array(piece))
  }
  return size > MAX_BYTES ? ' '.repeat(MAX_BYTES + 1) : new Blob(pieces)
}
