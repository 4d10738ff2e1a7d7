/** When an answer is the next on its connection: of requests that a client sends one behind the other [RFC9112 9.3.2] many are worked on at once. */
import type { ServerResponse } from 'node:http'
import { HttpFault } from './faults.ts'

/** `null` if nothing is to be sent before it; else resolves then. Rejects with `client-gone` where the connection ends first. */
export function waitForItsTurn(response: ServerResponse): Promise<void> | null {
  if (response.socket !== null) return null
  // It ended while something else was waited for: nobody says so again.
  if (response.destroyed) return Promise.reject(new HttpFault('client-gone'))
  const turn = Promise.withResolvers<void>()
  response.once('socket', () => turn.resolve())
  response.once('close', () => turn.reject(new HttpFault('client-gone')))
  return turn.promise
}
