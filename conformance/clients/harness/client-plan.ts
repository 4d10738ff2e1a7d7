/** What a client written in a library's own language is told: one JSON file, the same for every language. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBucket, putFile } from '../../lib/put-files.ts'
import type { RunningServer } from '../../lib/start-server.ts'
import { contentOfKey, nastyObjectKeys, writeSizedFiles } from './payloads.ts'
import type { CanSend, SizedFile } from './payloads.ts'

export interface ClientPlan {
  readonly endpoint: string
  readonly host: string
  readonly port: number
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** For whatever the client writes. */
  readonly folder: string
  /** To be stored in the bucket `sizes` under their names, and read back. */
  readonly sizes: readonly SizedFile[]
  /** To be stored in the bucket `nasty`, and read back. */
  readonly nasty: readonly { readonly key: string; readonly content: string }[]
  /** In the bucket `work`, there from the start. */
  readonly doomed: readonly string[]
}

const BUCKETS = ['sizes', 'nasty', 'work', 'versioned', 'cleared']

const DOOMED = ['a', 'b c', 'd+e', 'f&g', '<h>', 'ï', '日本', "j'k", '"l"', 'm%20n', 'o//p', 'q/r']

/** Makes the buckets `work`, with `pages/…` and `doomed/…` in it, and empty ones. */
export async function makePlan(server: RunningServer, canSend?: CanSend): Promise<ClientPlan> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-client-'))
  mkdirSync(join(folder, 'home'))
  const doomed = DOOMED.map((name) => `doomed/${name}`)
  for (const bucket of BUCKETS) await makeBucket(server, bucket)
  const pages = Array.from({ length: 25 }, (_, index) => `pages/${String(index).padStart(2, '0')}`)
  for (const key of [...doomed, ...pages, 'pages/sub/x', 'pages/sub/y']) {
    await putFile(server, { bucket: 'work', key }, contentOfKey(key))
  }
  const plan: ClientPlan = {
    endpoint: server.origin,
    host: '127.0.0.1',
    port: server.port,
    region: server.region,
    ...server.credentials,
    folder,
    sizes: writeSizedFiles(join(folder, 'sizes')),
    nasty: nastyObjectKeys(canSend).map((key) => ({ key, content: contentOfKey(key) })),
    doomed,
  }
  writeFileSync(planPath(plan), JSON.stringify(plan))
  return plan
}

export function planPath(plan: ClientPlan): string {
  return join(plan.folder, 'plan.json')
}

export function removePlan(plan: ClientPlan): void {
  rmSync(plan.folder, { recursive: true, force: true })
}
