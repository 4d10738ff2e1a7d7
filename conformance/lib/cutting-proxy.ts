/** A TCP proxy that cuts every connection once so many bytes have passed, and waits for a server that is not there. */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface CuttingProxy {
  readonly port: number
  /** What went from clients to the server so far. */
  readonly sent: () => number
  /** Cuts every connection, and reaches no server until `resume`. */
  readonly cut: () => void
  readonly stop: () => Promise<void>
}

export interface CuttingOptions {
  readonly targetPort: number
  /** Told after every chunk on its way to the server, before the next one is read. */
  readonly onSent?: (sent: number, proxy: CuttingProxy) => Promise<void> | void
}

const ASK_EVERY_MS = 20

export async function startCuttingProxy(options: CuttingOptions): Promise<CuttingProxy> {
  const { targetPort, onSent = () => undefined } = options
  let sent = 0
  const stopping = new AbortController()
  const open = new Set<Socket>()

  async function reach(client: Socket): Promise<Socket | null> {
    while (!stopping.signal.aborted && !client.destroyed) {
      const server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
      const isThere = await new Promise<boolean>((resolve) => {
        server.once('connect', () => resolve(true))
        server.once('error', () => resolve(false))
      })
      if (isThere) return server
      await sleep(ASK_EVERY_MS)
    }
    return null
  }

  async function carry(client: Socket): Promise<void> {
    open.add(client)
    client.on('error', () => undefined)
    client.pause()
    const server = await reach(client)
    if (server === null) return
    open.add(server)
    server.on('error', () => undefined)
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
    server.pipe(client)
    for await (const chunk of client) {
      const bytes = chunk as Uint8Array
      // What is counted has left: nothing waits in memory here.
      await new Promise((resolve) => server.write(bytes, resolve))
      sent += bytes.length
      await onSent(sent, proxy)
    }
    server.end()
  }

  const listener = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    carry(client).catch(() => client.destroy())
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const socket of open) socket.destroy()
    open.clear()
  }
  const proxy: CuttingProxy = {
    port: (listener.address() as AddressInfo).port,
    sent: () => sent,
    cut,
    stop: async () => {
      stopping.abort()
      cut()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
  return proxy
}
