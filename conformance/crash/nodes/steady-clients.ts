/** Clients that never give up: each writes, replaces, puts together, removes and reads objects of its own, and knows what must be there. */
import { hash } from 'node:crypto'
import { waitUntil } from '../../lib/patience.ts'
import { someBytes, someKey } from '../object-acts.ts'
import type { ObjectClient } from '../object-client.ts'
import type { SeededRandom } from '../random.ts'
import { UnexpectedAnswer } from '../rest-client.ts'
import type { Retrying } from './retry.ts'

export interface SteadyClientsOptions {
  readonly objects: ObjectClient
  readonly retrying: Retrying
  readonly random: SeededRandom
  readonly clients: number
}

export interface SteadyClients {
  /** How many requests that change something were acknowledged. */
  readonly acknowledged: () => number
  /** Resolves when so many more were. Rejects if a client met what it must not. */
  more(count: number): Promise<void>
  /** Resolves when all are at rest, to what must be there: the SHA-256 of each object, by its key. */
  end(): Promise<ReadonlyMap<string, string>>
}

/** How often each is chosen, of their sum. */
const WEIGHTS = { write: 6, read: 6, assemble: 2, remove: 1 } as const

export function startSteadyClients(options: SteadyClientsOptions): SteadyClients {
  const held = new Map<string, string>()
  const faults: unknown[] = []
  const state = { isEnding: false, acknowledged: 0 }

  async function run(index: number): Promise<void> {
    while (!state.isEnding && faults.length === 0) {
      const key = someKey(options.random, { name: `steady-${index}` })
      if (await act(options, held, key)) state.acknowledged += 1
    }
  }

  const running = Promise.all(
    Array.from({ length: options.clients }, (_, index) =>
      run(index).catch((error: unknown) => void faults.push(error)),
    ),
  )
  function requireFaultless(): void {
    if (faults.length > 0) throw faults[0]
  }
  return {
    acknowledged: () => state.acknowledged,
    async more(count) {
      const goal = state.acknowledged + count
      await waitUntil(() => faults.length > 0 || state.acknowledged >= goal)
      requireFaultless()
    },
    async end() {
      state.isEnding = true
      await running
      requireFaultless()
      return held
    },
  }
}

/** False if it was one that changes nothing. */
async function act(
  options: SteadyClientsOptions,
  held: Map<string, string>,
  key: string,
): Promise<boolean> {
  const { objects, random, retrying } = options
  const sent = (request: () => Promise<number>): Promise<number> => retrying.untilAnswered(request)
  const choice = random.between(1, WEIGHTS.write + WEIGHTS.read + WEIGHTS.assemble + WEIGHTS.remove)
  if (choice <= WEIGHTS.read) {
    await requireHeld(options, held, key)
    return false
  }
  if (choice <= WEIGHTS.read + WEIGHTS.remove) {
    requireStatus(key, await sent(() => objects.remove(key)), 204)
    held.delete(key)
    return true
  }
  const bytes = someBytes(random)
  if (choice <= WEIGHTS.read + WEIGHTS.remove + WEIGHTS.assemble) {
    const uploadId = await retrying.untilAnswered(() => objects.openUpload(key))
    const part = { number: 1, bytes }
    const etag = await retrying.untilAnswered(() => objects.putPart(key, uploadId, part))
    requireStatus(key, await sent(() => objects.complete(key, uploadId, [etag])), 200)
  } else {
    requireStatus(key, await sent(() => objects.put(key, bytes)), 200)
  }
  held.set(key, hash('sha256', bytes, 'hex'))
  return true
}

async function requireHeld(
  { objects, retrying }: SteadyClientsOptions,
  held: ReadonlyMap<string, string>,
  key: string,
): Promise<void> {
  const found = await retrying.untilAnswered(() => objects.get(key))
  if (found?.sha256 === held.get(key)) return
  throw new UnexpectedAnswer(`${key}: found ${found?.sha256}, expected ${held.get(key)}`)
}

function requireStatus(key: string, status: number, expected: number): void {
  if (status !== expected) throw new UnexpectedAnswer(`${key}: status ${status}`, status)
}
