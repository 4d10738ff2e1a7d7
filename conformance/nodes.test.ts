/** Several servers over one PostgreSQL database and one folder for files: alike, and with every promise of one. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
import { ask, startPostgres } from '../packages/server/test/support/postgres-server.ts'
import type { PostgresServer } from '../packages/server/test/support/postgres-server.ts'
import { startServerProcess } from './crash/server-process.ts'
import type { ServerProcess } from './crash/server-process.ts'
import { waitUntil } from './lib/patience.ts'

const ADMIN_KEY = 'hp_nodes_0123456789abcdefghijklmnopqrstuvwxyz'
const PAIR = {
  accessKeyId: 'HPNODESTESTKEYPAIR01',
  secretAccessKey: 'nodes/Secret+Key/0123456789abcdefghijklmn',
}

interface Answer {
  readonly status: number
  readonly text: string
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The one address of all of them, behind which somebody spreads the requests. */
const PUBLIC_URL = 'http://files.hallpass.test'

/** Asks one node for what has the address of all. */
async function call(
  node: ServerProcess,
  path: string,
  { method = 'GET', headers = {}, body = '' }: Asked = {},
): Promise<Answer> {
  const sent = request(node.origin + path, {
    method,
    headers: {
      ...headers,
      host: new URL(PUBLIC_URL).host,
      'content-length': String(Buffer.byteLength(body)),
    },
  })
  sent.end(body)
  const [answer] = await once(sent, 'response')
  assert.ok(answer instanceof IncomingMessage)
  return { status: answer.statusCode ?? 0, text: await text(answer) }
}

async function holderOf(url: string): Promise<string> {
  const [row] = await ask(url, "select holder from leases where task = 'jobs'")
  return row !== undefined && 'holder' in row ? String(row.holder) : ''
}

describe('two servers over one database', () => {
  let postgres: PostgresServer
  let url: string
  let dataDir: string
  let nodes: ServerProcess[] = []

  const start = (): Promise<ServerProcess> =>
    startServerProcess({
      dataDir,
      ...PAIR,
      env: {
        HALLPASS_DATABASE_URL: url,
        HALLPASS_DATABASE_CONNECTIONS: '6',
        HALLPASS_ADMIN_KEY: ADMIN_KEY,
        HALLPASS_PUBLIC_URL: PUBLIC_URL,
      },
    })

  const first = (): ServerProcess => nodeAt(0)
  const second = (): ServerProcess => nodeAt(1)

  function nodeAt(index: number): ServerProcess {
    const node = nodes[index]
    assert.ok(node !== undefined)
    return node
  }

  function rest(node: ServerProcess, method: string, path: string, body?: object): Promise<Answer> {
    const authorization = `Bearer ${ADMIN_KEY}`
    if (body === undefined) return call(node, path, { method, headers: { authorization } })
    const headers = { authorization, 'content-type': 'application/json' }
    return call(node, path, { method, headers, body: JSON.stringify(body) })
  }

  const object = (method: string, key: string): string =>
    presignS3({
      credentials: PAIR,
      region: 'us-east-1',
      method,
      bucket: 'acme',
      key,
      endpoint: PUBLIC_URL,
      addressing: 'path',
      expiresInSeconds: 600,
    }).url.slice(PUBLIC_URL.length)

  async function put(node: ServerProcess, key: string, body: string): Promise<number> {
    return (await call(node, object('PUT', key), { method: 'PUT', body })).status
  }

  async function issue(node: ServerProcess, wish: object): Promise<{ id: string; path: string }> {
    const made = await rest(node, 'POST', '/v1/links', { expiresIn: 600, ...wish })
    assert.equal(made.status, 201, made.text)
    const link: unknown = JSON.parse(made.text)
    assert.ok(typeof link === 'object' && link !== null && 'id' in link && 'url' in link)
    return { id: String(link.id), path: String(link.url).slice(PUBLIC_URL.length) }
  }

  before(async () => {
    postgres = await startPostgres()
    url = await postgres.createDatabase()
    dataDir = await mkdtemp(join(tmpdir(), 'hallpass-nodes-'))
    // Both at once on a database that is empty.
    nodes = await Promise.all([start(), start()])
    assert.equal((await rest(first(), 'PUT', '/v1/buckets/acme', {})).status, 201)
  })

  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await rm(dataDir, { recursive: true, force: true })
  })

  test('of two that begin at once with a folder and a master key each, one is refused and told what to do', async () => {
    const empty = await postgres.createDatabase()
    const alike = { HALLPASS_DATABASE_URL: empty, HALLPASS_DATABASE_CONNECTIONS: '2' }
    const begun = await Promise.allSettled(
      ['a', 'b'].map((name) =>
        startServerProcess({ dataDir: join(dataDir, `own-${name}`), ...PAIR, env: alike }),
      ),
    )
    await Promise.all(
      begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value.stop()] : [])),
    )
    const refused = begun.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    assert.equal(refused.length, 1)
    assert.match(refused.join(), /HALLPASS_MASTER_KEY/)
  })

  test('what one stores the other serves, small and large', async () => {
    const large = 'large '.repeat(100_000)
    assert.equal(await put(first(), 'small.txt', 'small'), 200)
    assert.equal(await put(second(), 'large.txt', large), 200)
    assert.equal((await call(second(), object('GET', 'small.txt'))).text, 'small')
    assert.equal((await call(first(), object('GET', 'large.txt'))).text, large)
  })

  test('of 64 that race over both for one use, one gets it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const link = await issue(nodeAt(round % 2), { path: 'acme/small.txt', maxUses: 1 })
      const racers = Array.from({ length: 64 }, (_, index) => call(nodeAt(index % 2), link.path))
      const statuses = (await Promise.all(racers)).map(({ status }) => status)
      assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join(' '))
    }
  })

  test('of 64 that race over both to make a file, one does', async () => {
    const headers = { 'if-none-match': '*' }
    const racers = Array.from({ length: 64 }, (_, index) =>
      call(nodeAt(index % 2), object('PUT', 'raced.txt'), {
        method: 'PUT',
        headers,
        body: `${index}`,
      }),
    )
    const statuses = (await Promise.all(racers)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join(' '))
  })

  test('a link that one revokes, and a key that one ends, are dead on the other', async () => {
    const link = await issue(first(), { path: 'acme/small.txt' })
    assert.equal((await call(second(), link.path)).status, 200)
    assert.equal((await rest(first(), 'DELETE', `/v1/links/${link.id}`)).status, 204)
    await waitUntil(async () => (await call(second(), link.path)).status === 403)
  })

  test('a database that restarts under load loses nothing that was acknowledged, and nobody needs to help', async () => {
    const stored = new Map<string, string>()
    const end = new AbortController()
    const writer = async (name: string, node: ServerProcess): Promise<void> => {
      for (let count = 0; !end.signal.aborted; count += 1) {
        const key = `load/${name}-${count}`
        const status = await put(node, key, key)
        if (status === 200) stored.set(key, key)
        else assert.equal(status, 503)
      }
    }
    const writers = [0, 1, 2, 3].map((name) => writer(String(name), nodeAt(name % 2)))
    for (let round = 0; round < 2; round += 1) {
      const before = stored.size
      await postgres.restart()
      await waitUntil(() => stored.size > before + 20)
    }
    end.abort()
    await Promise.all(writers)
    for (const [key, body] of stored) {
      assert.equal((await call(first(), object('GET', key))).text, body)
    }
  })

  test('when the one that has the jobs is killed, the other takes them over, and its uses go on', async () => {
    const busy = await holderOf(url)
    const holder = nodes.findIndex(({ pid }) => busy.endsWith(`p${pid}`))
    const other = nodeAt(1 - holder)
    await nodeAt(holder).kill()
    await waitUntil(async () => (await holderOf(url)).endsWith(`p${other.pid}`))
    assert.equal((await call(other, object('GET', 'small.txt'))).text, 'small')
    nodes[holder] = await start()
    assert.equal((await call(nodeAt(holder), object('GET', 'small.txt'))).text, 'small')
  })
})
