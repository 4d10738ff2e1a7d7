/** One address before several servers: each request goes to the next of them. It knows of none whether it is there. */
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Balancer {
  readonly origin: string
  /** Where requests go from now on. */
  spread(ports: readonly number[]): void
  close(): Promise<void>
}

export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  let ports: readonly number[] = []
  let turn = 0

  function pass(asked: IncomingMessage, answered: ServerResponse): void {
    turn += 1
    const sent = request({
      agent,
      host: '127.0.0.1',
      port: ports[turn % ports.length],
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
    asked.pipe(sent)
  }

  const server = createServer(pass)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    spread(given) {
      ports = given
    },
    async close() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function isRefused(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNREFUSED'
}
