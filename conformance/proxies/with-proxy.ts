/** A server with a proxy in front of it, for one test; or the words that the proxy is not installed. */
import type { TestContext } from 'node:test'
import { findFreePort } from '../crash/server-process.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import type { Proxy, StartProxy } from './proxy-process.ts'

export interface ProxiedServer {
  /** As its clients see it: what is signed or asked for goes to the proxy. */
  readonly front: RunningServer
  /** As the proxy sees it. */
  readonly server: RunningServer
}

export async function withProxy(
  context: TestContext,
  start: StartProxy | null,
  use: (proxied: ProxiedServer) => Promise<void>,
): Promise<void> {
  if (start === null) {
    context.skip('the proxy is not installed on this machine')
    return
  }
  const port = await findFreePort()
  await withServer(
    async (server) => {
      const proxy: Proxy = await start({ port, backendPort: server.port })
      try {
        await use({ server, front: { ...server, origin: proxy.origin, port } })
      } finally {
        await proxy.stop()
      }
    },
    { publicUrl: `http://127.0.0.1:${port}` },
  )
}
