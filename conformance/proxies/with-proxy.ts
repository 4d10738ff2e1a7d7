/** A server with a proxy in front of it, for one test; or the words that the proxy is not installed. */
import type { TestContext } from 'node:test'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer, StartOptions } from '../lib/start-server.ts'
import type { Proxy, StartProxy } from './proxy-process.ts'

export interface ProxiedServer {
  /** As its clients see it: what is signed or asked for goes to the proxy. */
  readonly front: RunningServer
  /** As the proxy sees it. */
  readonly server: RunningServer
  /** Ends it before the time; resolves to everything it wrote. */
  readonly stopProxy: () => Promise<string>
}

export async function withProxy(
  context: TestContext,
  start: StartProxy | null,
  use: (proxied: ProxiedServer) => Promise<void>,
  options: Pick<StartOptions, 'trustedProxies'> = {},
): Promise<void> {
  if (start === null) {
    context.skip('the proxy is not installed on this machine')
    return
  }
  const port = await findPort()
  await withServer(
    async (server) => {
      const proxy: Proxy = await start({ port, backendPort: server.port })
      try {
        const front = { ...server, origin: proxy.origin, port }
        await use({ server, front, stopProxy: proxy.stop })
      } finally {
        await proxy.stop()
      }
    },
    { ...options, publicUrl: `http://127.0.0.1:${port}` },
  )
}
