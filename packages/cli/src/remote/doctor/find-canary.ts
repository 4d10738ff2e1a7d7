/**
 * Looks for a signature, of a request that was refused, in what the server keeps of what happened.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import type { Fault } from './findings.ts'

/** Uses are noted within a second. */
const NOTED_WITHIN_MS = 1500

export async function findCanary(connection: Connection, canary: string): Promise<Fault | null> {
  await sleep(NOTED_WITHIN_MS)
  const call = { method: 'GET', path: '/v1/events?limit=1000' } as const
  const text = await callServer(connection, call, (answer) => JSON.stringify(answer))
  if (!text.includes(canary)) return null
  return {
    found: 'The signature of a request that was refused is among the events.',
    remedy: 'That is a fault of the server: report it as SECURITY.md says.',
  }
}
