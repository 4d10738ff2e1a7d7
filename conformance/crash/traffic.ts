/** Clients that write and delete as fast as they are answered. Each has keys of its own, so that it knows what they hold. */
import { hash } from 'node:crypto'
import type { Ledger } from './ledger.ts'
import type { ObjectClient } from './object-client.ts'
import { bytesOf } from './random.ts'
import type { SeededRandom } from './random.ts'

export interface TrafficOptions {
  readonly client: ObjectClient
  readonly ledger: Ledger
  readonly random: SeededRandom
}

export interface Traffic {
  /** Resolves when every client has lost its connection or has been told to end. */
  end(): Promise<TrafficCount>
}

export interface TrafficCount {
  readonly acknowledged: number
  readonly cutOff: number
}

const CLIENTS = 16
const KEYS_EACH = 8
const DELETE_PROBABILITY = 0.25
const LARGE_PROBABILITY = 0.3
/** Around the bound between bodies in the catalog and bodies on the disk, and well above it. */
const SMALL_BYTES = 4 * 1024
const LARGE_BYTES = 400 * 1024

export function startTraffic(options: TrafficOptions): Traffic {
  const state = { isEnding: false, acknowledged: 0, cutOff: 0 }

  async function run(client: number): Promise<void> {
    while (!state.isEnding) {
      const key = `client-${client}/object ${options.random.between(1, KEYS_EACH)}`
      try {
        await sendOne(options, key)
        state.acknowledged += 1
      } catch (error) {
        if (error instanceof UnexpectedAnswer) throw error
        // The connection broke: the ledger keeps both possibilities.
        state.cutOff += 1
        return
      }
    }
  }

  const running = Promise.all(Array.from({ length: CLIENTS }, (_, client) => run(client)))
  running.catch(() => undefined)
  return {
    async end() {
      state.isEnding = true
      await running
      return { acknowledged: state.acknowledged, cutOff: state.cutOff }
    },
  }
}

class UnexpectedAnswer extends Error {}

async function sendOne({ client, ledger, random }: TrafficOptions, key: string): Promise<void> {
  const isDelete = random.chance(DELETE_PROBABILITY)
  const size = random.chance(LARGE_PROBABILITY)
    ? random.between(SMALL_BYTES, LARGE_BYTES)
    : random.between(0, SMALL_BYTES)
  const bytes = bytesOf(random.between(0, 2 ** 32 - 1), size)
  ledger.begin(key, isDelete ? null : hash('sha256', bytes, 'hex'))
  const status = isDelete ? await client.remove(key) : await client.put(key, bytes)
  if (status !== (isDelete ? 204 : 200)) {
    ledger.refuse(key)
    throw new UnexpectedAnswer(`${isDelete ? 'DELETE' : 'PUT'} ${key}: status ${status}`)
  }
  ledger.acknowledge(key)
}
