/** Stands between a driver and its store and does what networks and stores do now and then, to the requests that a test chooses. */
import { once } from 'node:events'
import { IncomingMessage, createServer, request as requestHttp } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Fault =
  /** Says this in place of the store, which is not asked. */
  | {
      readonly kind: 'say'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Lets the store do it and breaks the connection before the answer. */
  | { readonly kind: 'lose-answer' }
  /** Lets the store do it, and something else happens before the answer goes out. */
  | { readonly kind: 'meanwhile'; readonly work: () => Promise<unknown> }
  /** Breaks the connection after so many bytes of the answer's body. */
  | { readonly kind: 'cut-answer'; readonly afterBytes: number }
  /** Breaks the connection before the request was read to its end. */
  | { readonly kind: 'cut-request' }
  /** Answers with another body, whose length it says. */
  | { readonly kind: 'change'; readonly body: (body: Buffer) => Buffer }
  | { readonly kind: 'change-headers'; readonly headers: Readonly<Record<string, string>> }
  /** Takes the request and says nothing. */
  | { readonly kind: 'say-nothing' }

export interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

export interface FaultyStore {
  readonly origin: string
  /** Every request, in the order of arrival. */
  readonly seen: readonly SeenRequest[]
  /** What is to be done to each from now on; `null`: nothing. */
  choose(fault: (request: SeenRequest, number: number) => Fault | null): void
  close(): Promise<void>
}

export async function startFaultyStore(upstream: string): Promise<FaultyStore> {
  const seen: SeenRequest[] = []
  let faultOf: (request: SeenRequest, number: number) => Fault | null = () => null
  let number = 0
  const server = createServer((request, response) => {
    const { method = '', url: target = '', headers } = request
    const asked = { method, target, headers }
    seen.push(asked)
    number += 1
    const fault = faultOf(asked, number)
    pass(upstream, { request, response, fault }).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    choose(fault) {
      faultOf = fault
      number = 0
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Passing {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly fault: Fault | null
}

async function pass(upstream: string, { request, response, fault }: Passing): Promise<void> {
  if (fault?.kind === 'cut-request') {
    await once(request, 'readable')
    request.destroy()
    return
  }
  const body = await buffer(request)
  if (fault?.kind === 'say-nothing') return
  if (fault?.kind === 'say') {
    response.writeHead(fault.status, fault.headers).end(fault.body)
    return
  }
  const answer = await forward(upstream, request, body)
  const sent = await buffer(answer)
  if (fault?.kind === 'meanwhile') await fault.work()
  if (fault?.kind === 'lose-answer') {
    response.destroy()
    return
  }
  respond(response, fault, { answer, sent, hasBody: request.method !== 'HEAD' })
}

interface Forwarded {
  readonly answer: IncomingMessage
  readonly sent: Buffer
  readonly hasBody: boolean
}

function respond(
  response: ServerResponse,
  fault: Fault | null,
  { answer, sent, hasBody }: Forwarded,
): void {
  const status = answer.statusCode ?? 500
  if (fault?.kind === 'cut-answer') {
    response.writeHead(status, answer.headers)
    response.write(sent.subarray(0, fault.afterBytes), () => response.destroy())
    return
  }
  const changed = fault?.kind === 'change' ? fault.body(sent) : sent
  const headers = { ...answer.headers, ...(fault?.kind === 'change-headers' && fault.headers) }
  if (fault?.kind === 'change') headers['content-length'] = String(changed.length)
  response.writeHead(status, headers).end(hasBody ? changed : undefined)
}

async function forward(
  upstream: string,
  { method, url: path, rawHeaders }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(upstream)
  const sent = requestHttp({ hostname, port, method, path, headers: rawHeaders, agent: false })
  sent.end(body)
  const [answer] = await once(sent, 'response')
  if (answer instanceof IncomingMessage) return answer
  throw new Error('no answer')
}
