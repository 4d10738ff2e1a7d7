/** The servers that are measured: each alone, and several over one PostgreSQL and one SeaweedFS. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { inStore } from '../../conformance/crash/blob-place.ts'
import { inPostgres } from '../../conformance/crash/catalog-place.ts'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import type { ServerProcess } from '../../conformance/crash/server-process.ts'
import type { Seaweed } from '../../conformance/lib/seaweed.ts'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import type { S3Keys } from '../serving/s3-store.ts'

export const KEYS: S3Keys = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const ADMIN_KEY = 'bench-scale-admin-key-0123456789abcdefgh'

export const ON_DISK = 'Hallpass, files on its disk'
export const IN_STORE = 'Hallpass, files in SeaweedFS'

export interface StartedServers {
  readonly disk: ServerProcess
  readonly stored: ServerProcess
  /** Each is asked under its own address: what spreads requests is nobody's to measure here. */
  readonly nodes: readonly ServerProcess[]
  stop(): Promise<void>
}

export async function startServers(
  folder: string,
  seaweed: Seaweed,
  nodeCount: number,
): Promise<StartedServers> {
  const start = (name: string, env: Readonly<Record<string, string>>): Promise<ServerProcess> =>
    startServerProcess({
      dataDir: join(folder, name),
      ...KEYS,
      env: { HALLPASS_ADMIN_KEY: ADMIN_KEY, HALLPASS_STORE_NETWORKS: '127.0.0.1/32', ...env },
    })
  const disk = await start('disk', {})
  const stored = await start('stored', inStore(seaweed).env)
  const alike = nodeCount === 0 ? {} : await envOfNodes(seaweed)
  const nodes = await Promise.all(
    Array.from({ length: nodeCount }, (_, index) => start(`node-${index}`, alike)),
  )
  return {
    disk,
    stored,
    nodes,
    stop: async () => {
      await Promise.all([disk, stored, ...nodes].map((server) => server.stop()))
    },
  }
}

async function envOfNodes(seaweed: Seaweed): Promise<Readonly<Record<string, string>>> {
  const postgres = await startPostgres({ isDurable: true })
  return {
    ...inPostgres(await postgres.createDatabase()).env,
    ...inStore(seaweed).env,
    HALLPASS_MASTER_KEY: randomBytes(32).toString('hex'),
  }
}

/** As its administrator. */
export async function askRest(
  origin: string,
  method: string,
  path: string,
  body: object,
): Promise<unknown> {
  const answer = await fetch(`${origin}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
  return JSON.parse(text)
}
