/**
 * Kills the server again and again while clients write and delete, starts it again, and checks that every promise was
 * kept. One data folder lives through all rounds.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkState } from './check-state.ts'
import { createLedger } from './ledger.ts'
import { createObjectClient } from './object-client.ts'
import { createSeededRandom } from './random.ts'
import { startServerProcess } from './server-process.ts'
import { startTraffic } from './traffic.ts'

export interface CrashRunOptions {
  readonly rounds: number
  readonly seed: number
  readonly workers?: number
  readonly report: (line: string) => void
}

export interface CrashRunResult {
  readonly acknowledged: number
  readonly cutOff: number
  /** Each with the round it was found after. Empty is what is wanted. */
  readonly faults: readonly string[]
}

const KEYS = {
  accessKeyId: 'HPCRASHHARNESSKEY234',
  secretAccessKey: 'crash-harness/secret+0123456789abcdefghij',
}
const BUCKET = 'crash'
/** How long traffic runs before the kill. */
const LEAST_TRAFFIC_MS = 5
const MOST_TRAFFIC_MS = 200

export async function runCrashes(options: CrashRunOptions): Promise<CrashRunResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-crash-'))
  const random = createSeededRandom(options.seed)
  const ledger = createLedger()
  const total = { acknowledged: 0, cutOff: 0, faults: [] as string[] }
  for (let round = 0; round <= options.rounds; round += 1) {
    const server = await startServerProcess({ dataDir, ...KEYS, workers: options.workers ?? 1 })
    try {
      const client = createObjectClient({ origin: server.origin, bucket: BUCKET, ...KEYS })
      if (round === 0) await client.createBucket()
      const faults = await checkState({ client, ledger, dataDir })
      total.faults.push(...faults.map((fault) => `after round ${round}: ${fault}`))
      if (faults.length > 0) break
      // The last start only looks.
      if (round === options.rounds) break
      const traffic = startTraffic({ client, ledger, random })
      await new Promise((resolve) => {
        setTimeout(resolve, random.between(LEAST_TRAFFIC_MS, MOST_TRAFFIC_MS))
      })
      await server.kill()
      const { acknowledged, cutOff } = await traffic.end()
      total.acknowledged += acknowledged
      total.cutOff += cutOff
      options.report(`round ${round + 1}: ${acknowledged} acknowledged, ${cutOff} cut off`)
    } finally {
      await server.kill()
    }
  }
  if (total.faults.length === 0) await rm(dataDir, { recursive: true })
  else options.report(`the data folder is kept for a look: ${dataDir}`)
  return total
}
