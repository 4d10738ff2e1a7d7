/**
 * Kills the server again and again while clients write, move, delete and share, starts it again, and checks that every promise was
 * kept. One data folder lives through all rounds. A round ends when a number of requests was answered, however slow the machine.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onDisk } from './blob-place.ts'
import type { BlobPlace } from './blob-place.ts'
import { inSqlite } from './catalog-place.ts'
import type { CatalogPlace } from './catalog-place.ts'
import { checkBytes } from './check-bytes.ts'
import { checkState } from './check-state.ts'
import { createLedger } from './ledger.ts'
import { createLinkBook, isSameEnd } from './link-book.ts'
import { createObjectClient } from './object-client.ts'
import { BUCKET, VERSIONED_BUCKET } from './object-names.ts'
import { createSeededRandom } from './random.ts'
import type { SeededRandom } from './random.ts'
import { createRestClient } from './rest-client.ts'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { startServerProcess } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'
import { startTraffic } from './traffic.ts'
import type { Action, Client, TrafficCount } from './traffic.ts'

export interface CrashRunOptions {
  readonly rounds: number
  readonly seed: number
  readonly workers?: number
  readonly report: (line: string) => void
  /** Where its blobs lie, if that is not its data folder. */
  readonly blobs?: BlobPlace
  /** Where its catalog lies, likewise. */
  readonly catalog?: CatalogPlace
}

export interface CrashRunResult {
  /** How many requests of each kind were answered. */
  readonly acknowledged: ReadonlyMap<Action, number>
  readonly cutOff: number
  /** Each with the round it was found after. Empty is what is wanted. */
  readonly faults: readonly string[]
}

const KEYS = {
  accessKeyId: 'HPCRASHHARNESSKEY234',
  secretAccessKey: 'crash-harness/secret+0123456789abcdefghij',
}
const ADMIN_KEY = 'crash-harness-admin-key-0123456789abcdef'
const CLIENTS = 16
/** How many requests are answered before the kill. */
const LEAST_ANSWERS = 1
const MOST_ANSWERS = 250

export async function runCrashes(options: CrashRunOptions): Promise<CrashRunResult> {
  const { rounds, report, workers = 1 } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-crash-'))
  const blobPlace = options.blobs ?? onDisk(dataDir)
  const catalogPlace = options.catalog ?? inSqlite(dataDir)
  const random = createSeededRandom(options.seed)
  // Links name it, and outlive the round that they were made in. Two runs may have the same seed.
  const port = await findPort()
  const ledger = createLedger(isSameEnd)
  const clients: Client[] = []
  const total = { acknowledged: new Map<Action, number>(), cutOff: 0, faults: [] as string[] }
  for (let round = 0; round <= rounds && total.faults.length === 0; round += 1) {
    const server = await startServerProcess({
      dataDir,
      ...KEYS,
      workers,
      port,
      env: {
        HALLPASS_ADMIN_KEY: ADMIN_KEY,
        HALLPASS_TRUSTED_PROXIES: '127.0.0.0/8',
        ...blobPlace.env,
        ...catalogPlace.env,
      },
    })
    try {
      const objects = createObjectClient({ origin: server.origin, bucket: BUCKET, ...KEYS })
      const versions = createObjectClient({
        origin: server.origin,
        bucket: VERSIONED_BUCKET,
        ...KEYS,
      })
      const rest = createRestClient(server.origin, ADMIN_KEY)
      if (round === 0) {
        await objects.createBucket()
        await versions.createBucket()
        await versions.keepVersions()
        for (let index = 0; index < CLIENTS; index += 1) {
          const key = await rest.createKey()
          const name = `client-${index}`
          clients.push({ name, key, book: createLinkBook(ledger), versions: new Map() })
        }
      }
      const places = { blobPlace, catalogPlace }
      const faults = await checkState({ objects, versions, rest, clients, ledger, ...places })
      total.faults.push(...faults.map((fault) => `after round ${round}: ${fault}`))
      // The last start only looks.
      if (faults.length > 0 || round === rounds) break
      const traffic = startTraffic({ objects, versions, rest, clients, ledger, random })
      const count = await crash(server, { traffic, random, workers })
      total.cutOff += count.cutOff
      addUp(total.acknowledged, count.acknowledged)
      report(`round ${round + 1}: ${describeCount(count)}`)
    } catch (error) {
      const message = `round ${round + 1} could not be played; the server wrote:\n${server.output()}`
      throw new Error(message, { cause: error })
    } finally {
      await server.kill()
    }
  }
  if (total.faults.length === 0) total.faults.push(...(await checkBytes(catalogPlace, blobPlace)))
  if (total.faults.length === 0) await rm(dataDir, { recursive: true })
  else report(`the data folder is kept for a look: ${dataDir}`)
  return total
}

/** Kills all of it once enough was answered; of a server with workers one of them first, and the others go on. */
async function crash(
  server: ServerProcess,
  {
    traffic,
    random,
    workers,
  }: {
    readonly traffic: ReturnType<typeof startTraffic>
    readonly random: SeededRandom
    readonly workers: number
  },
): Promise<TrafficCount> {
  const answers = random.between(LEAST_ANSWERS, MOST_ANSWERS)
  if (workers > 1) {
    await traffic.reach(Math.ceil(answers / 2))
    await server.killWorker(random.between(0, workers - 1))
  }
  await traffic.reach(answers)
  await server.kill()
  return traffic.end()
}

function addUp(total: Map<Action, number>, count: ReadonlyMap<Action, number>): void {
  for (const [action, number] of count) total.set(action, (total.get(action) ?? 0) + number)
}

export function describeCount({ acknowledged, cutOff }: TrafficCount): string {
  const sum = [...acknowledged.values()].reduce((a, b) => a + b, 0)
  const each = [...acknowledged].map(([action, number]) => `${action} ${number}`).toSorted()
  return `${sum} acknowledged (${each.join(', ')}), ${cutOff} cut off`
}
