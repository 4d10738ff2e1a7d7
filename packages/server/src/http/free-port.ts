/** Asks for a port before anything is made or cleared away: a second start by mistake must not touch the first one's data. */
import { createServer } from 'node:net'

/** Throws what listening would throw. Another server on the port is found even if it shares the port with others. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer()
  const listening = Promise.withResolvers<void>()
  probe.once('error', listening.reject)
  probe.listen({ host, port, exclusive: true }, listening.resolve)
  await listening.promise
  await new Promise((resolve) => probe.close(resolve))
}
