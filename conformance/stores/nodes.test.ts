/** Two servers over one PostgreSQL database and one object store: they share no folder, and no byte that was acknowledged is lost. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { inStore } from '../crash/blob-place.ts'
import { startServerProcess } from '../crash/server-process.ts'
import type { ServerProcess } from '../crash/server-process.ts'
import { waitUntil } from '../lib/patience.ts'
import { startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'
import type { Seaweed } from '../lib/seaweed.ts'

const PAIR = {
  accessKeyId: 'HPNODESTESTKEYPAIR02',
  secretAccessKey: 'stores/Secret+Key/0123456789abcdefghijklm',
}
/** Large enough to be in the store. */
const BYTES = 40_000
const PARTS_BYTES = 9_000_000

describe('two servers over one database and SeaweedFS', { skip: whyNoSeaweed() }, () => {
  let seaweed: Seaweed
  let folder: string
  let nodes: readonly ServerProcess[] = []

  before(async () => {
    seaweed = await startSeaweed()
    folder = await mkdtemp(join(tmpdir(), 'hallpass-stores-'))
    const postgres = await startPostgres()
    const env = {
      ...inStore(seaweed).env,
      HALLPASS_DATABASE_URL: await postgres.createDatabase(),
      HALLPASS_DATABASE_CONNECTIONS: '6',
      HALLPASS_MASTER_KEY: randomBytes(32).toString('hex'),
    }
    nodes = await Promise.all(
      ['a', 'b'].map((name) => startServerProcess({ dataDir: join(folder, name), ...PAIR, env })),
    )
    assert.equal((await send(nodeAt(0), 'PUT', null)).status, 200)
  })
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await seaweed.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function nodeAt(index: number): ServerProcess {
    return nodes[index % 2] ?? assert.fail('there are two')
  }

  function send(
    node: ServerProcess,
    method: string,
    key: string | null,
    body: Uint8Array<ArrayBuffer> | null = null,
  ): Promise<Response> {
    const { url } = presignS3({
      credentials: PAIR,
      region: 'us-east-1',
      method,
      bucket: 'acme',
      key,
      endpoint: node.origin,
      addressing: 'path',
      expiresInSeconds: 600,
    })
    return fetch(url, { method, body: body === null ? null : Uint8Array.from(body) })
  }

  async function digestOf(node: ServerProcess, key: string): Promise<string> {
    const answer = await send(node, 'GET', key)
    assert.equal(answer.status, 200)
    return digest(Buffer.from(await answer.arrayBuffer()))
  }

  test('what one stores the other serves', async () => {
    for (const size of [BYTES, PARTS_BYTES]) {
      const bytes = randomBytes(size)
      assert.equal((await send(nodeAt(0), 'PUT', `file-${size}`, bytes)).status, 200)
      assert.equal(await digestOf(nodeAt(1), `file-${size}`), digest(bytes))
    }
  })

  test('a store that restarts under load loses nothing that was acknowledged, and nobody needs to help', async () => {
    const stored = new Map<string, string>()
    const end = new AbortController()
    const write = async (name: number): Promise<void> => {
      for (let count = 0; !end.signal.aborted; count += 1) {
        const key = `load/${name}-${count}`
        const bytes = randomBytes(BYTES)
        const { status } = await send(nodeAt(name), 'PUT', key, bytes)
        if (status === 200) stored.set(key, digest(bytes))
        else assert.equal(status, 503)
      }
    }
    const writers = [0, 1, 2, 3].map(write)
    await waitUntil(() => stored.size > 10)
    await seaweed.restart()
    const before = stored.size
    await waitUntil(() => stored.size > before + 10)
    end.abort()
    await Promise.all(writers)
    let index = 0
    for (const [key, sum] of stored) {
      index += 1
      assert.equal(await digestOf(nodeAt(index), key), sum)
    }
  })
})

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
