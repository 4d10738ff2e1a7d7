/** One address before several servers: each request goes to the next of them. It knows of none whether it is there. */
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

export interface Balancer {
  readonly origin: string
  /** Where requests go from now on. */
  readonly spread: (ports: readonly number[]) => void
  readonly close: () => Promise<void>
}

const IDLE_MS = 5000
const HELD_MS = 70_000

export interface BalancerOptions {
  /** Waited for before each request, or each connection. */
  readonly before?: () => Promise<void>
}

export async function startBalancer(options: BalancerOptions = {}): Promise<Balancer> {
  const { before = () => Promise.resolve() } = options
  // Shorter than a server keeps them, so that none ends while a request is on its way to it.
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS })
  const turns = takeTurns()

  function pass(asked: IncomingMessage, answered: ServerResponse): void {
    const sent = request({
      agent,
      host: '127.0.0.1',
      port: turns.next(),
      method: asked.method,
      path: asked.url,
      headers: asked.rawHeaders,
      setHost: false,
    })
    sent.on('response', (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(answered)
      answer.on('error', () => answered.destroy())
    })
    sent.on('error', (error) => {
      if (answered.headersSent || !isRefused(error)) answered.destroy()
      // Nobody was there: nothing was sent.
      else answered.writeHead(502, { connection: 'close' }).end()
    })
    asked.on('error', () => sent.destroy())
    answered.on('close', () => {
      if (!answered.writableFinished) sent.destroy()
    })
    asked.pipe(sent)
  }

  // A client may come back as late as to a server itself, and take as long.
  const patience = { keepAliveTimeout: HELD_MS, requestTimeout: 0 }
  const server = createServer(patience, (asked, answered) => {
    before().then(
      () => pass(asked, answered),
      () => answered.destroy(),
    )
  })
  return {
    origin: await listen(server),
    spread: (ports) => turns.spread(ports),
    async close() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Each connection goes to the next, for clients whose bytes are to arrive as they were sent. */
export async function startTcpBalancer(options: BalancerOptions = {}): Promise<Balancer> {
  const { before = () => Promise.resolve() } = options
  const turns = takeTurns()
  const open = new Set<Socket>()
  const server = createTcpServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    client.on('error', () => client.destroy())
    before().then(
      () => join(client, turns.next()),
      () => client.destroy(),
    )
  })
  return {
    origin: await listen(server),
    spread: (ports) => turns.spread(ports),
    async close() {
      for (const client of open) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function join(client: Socket, port: number): void {
  const node = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  for (const [from, to] of [
    [client, node],
    [node, client],
  ] as const) {
    from.pipe(to)
    from.on('error', () => to.resetAndDestroy())
    from.on('close', () => to.destroySoon())
  }
}

function takeTurns(): Pick<Balancer, 'spread'> & { readonly next: () => number } {
  let ports: readonly number[] = []
  let turn = 0
  return {
    spread(given) {
      ports = given
    },
    next() {
      turn += 1
      const port = ports[turn % ports.length]
      if (port === undefined) throw new Error('Nobody stands behind the balancer yet.')
      return port
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

function isRefused(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNREFUSED'
}
