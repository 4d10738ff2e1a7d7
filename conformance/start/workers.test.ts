import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { readConfig } from '../../packages/server/src/config.ts'
import { startServer } from '../../packages/server/src/start-server.ts'
import { createLog } from '../../packages/server/src/platform/log.ts'
import { startWorkers } from '../../packages/server/src/workers.ts'
import { measureBusyness, waitUntil } from '../lib/patience.ts'
import { childrenOf, parentOf } from '../lib/process-table.ts'
import { bannerValue, makeDataDir, spawnHallpass } from './spawn-server.ts'
import type { Spawned } from './spawn-server.ts'

const WORKERS = 2

async function startTogether(t: TestContext): Promise<{
  readonly server: Spawned
  readonly url: string
  readonly adminKey: string
}> {
  const server = spawnHallpass(t, ['serve', '--workers', String(WORKERS)], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  return { server, url, adminKey: bannerValue(server.stdout(), 'Admin API key') }
}

function isAlive(pid: number): boolean {
  return parentOf(pid) !== null && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

/** Each call is a connection of its own, so that the kernel may give it to either worker. */
function ask(
  url: string,
  key: string,
  method = 'GET',
  body?: string,
): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const sent = request(
    url,
    {
      method,
      agent: new Agent({ keepAlive: false }),
      headers: {
        ...(key === '' ? {} : { authorization: key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    },
  )
  sent.on('error', reject)
  sent.end(body)
  return promise
}

test('workers share port, data and keys: a key revoked at one is refused by the other within a second', async (t) => {
  const { server, url, adminKey } = await startTogether(t)
  assert.equal(childrenOf(server.child.pid ?? 0).length, WORKERS)
  const made = await ask(
    `${url}/v1/api-keys`,
    adminKey,
    'POST',
    '{"name": "n", "actions": ["list"]}',
  )
  const { id, key } = JSON.parse(made.text) as { id: string; key: string }
  for (let count = 0; count < 20; count += 1) {
    assert.equal((await ask(`${url}/v1/files?folder=samples`, key)).status, 200)
  }
  const wish = '{"path": "samples/private/welcome.txt"}'
  const issued = await ask(`${url}/v1/links`, adminKey, 'POST', wish)
  assert.equal(issued.status, 201, issued.text)
  const link = JSON.parse(issued.text) as { id: string; url: string }
  assert.equal((await ask(link.url, '')).status, 200)

  await ask(`${url}/v1/api-keys/${id}`, adminKey, 'DELETE')
  await ask(`${url}/v1/links/${link.id}`, adminKey, 'DELETE')
  const revokedAt = performance.now()
  let busyness = measureBusyness()
  let lastServedAt = 0
  while (performance.now() - revokedAt < 1500 * busyness) {
    const askedAt = performance.now() - revokedAt
    if ((await ask(`${url}/v1/files?folder=samples`, key)).status === 200) lastServedAt = askedAt
    assert.equal((await fetch(link.url)).status, 403, 'a revoked link was served')
    busyness = Math.max(busyness, measureBusyness())
  }
  assert.ok(
    lastServedAt < 1000 * busyness,
    `accepted ${lastServedAt} ms after its revocation, ${busyness} times as busy as alone`,
  )
})

test('the metrics page adds up all workers, whichever is asked', async (t) => {
  const { url, adminKey } = await startTogether(t)
  for (let count = 0; count < 20; count += 1) await ask(`${url}/v1/files?folder=samples`, adminKey)
  for (let count = 0; count < 6; count += 1) {
    const { text } = await ask(`${url}/-/metrics`, adminKey)
    assert.match(
      text,
      /hallpass_requests_total\{plane="rest",operation="listFiles",status="200"\} 20\n/,
    )
  }
})

test('a worker that dies is replaced while the other answers', async (t) => {
  const { server, url, adminKey } = await startTogether(t)
  const supervisor = server.child.pid ?? 0
  const before = childrenOf(supervisor)
  process.kill(before[0] ?? 0, 'SIGKILL')
  // Its socket closes with the last of its threads; until then the kernel may still give it a connection.
  await waitUntil(() => parentOf(before[0] ?? 0) === null)
  assert.equal((await ask(`${url}/-/healthz`, adminKey)).status, 200)
  await waitUntil(() => childrenOf(supervisor).filter(isAlive).length === WORKERS)
  assert.notDeepEqual(childrenOf(supervisor), before)
  await waitUntil(() => server.stderr().includes('worker restarted'))
})

test('a stop ends every process; workers whose supervisor is killed end by themselves', async (t) => {
  const first = await startTogether(t)
  const stopped = childrenOf(first.server.child.pid ?? 0)
  first.server.child.kill('SIGTERM')
  assert.equal(await first.server.exited, 0)
  assert.deepEqual(stopped.filter(isAlive), [])

  const second = await startTogether(t)
  const orphans = childrenOf(second.server.child.pid ?? 0)
  assert.equal(orphans.length, WORKERS)
  second.server.child.kill('SIGKILL')
  await waitUntil(() => orphans.filter(isAlive).length === 0)
})

test('where ports cannot be shared, the workers are handed their connections', async (t) => {
  const dataDir = makeDataDir(t)
  const config = readConfig({
    env: {},
    flags: { dataDir, port: '0', workers: '2', logLevel: 'error' },
    configFile: null,
    cwd: process.cwd(),
    readFile: () => '',
  })
  const log = createLog('silent')
  const first = await startServer({ dataDir, port: 0, logLevel: 'silent' })
  const key = first.firstStart.adminKey ?? ''
  await first.close()
  const workers = await startWorkers(config, log, { reusePort: false })
  try {
    const url = `http://127.0.0.1:${workers.port}`
    for (let count = 0; count < 10; count += 1) {
      assert.equal((await ask(`${url}/v1/files?folder=samples`, key)).status, 200)
    }
    const { text } = await ask(`${url}/-/metrics`, key)
    assert.match(text, /operation="listFiles",status="200"\} 10\n/)
  } finally {
    await workers.close()
  }
})

test('what was just made works at every worker at once, also under traffic and after a revocation', async (t) => {
  const { url, adminKey } = await startTogether(t)
  const isBusy = { value: true }
  // Keeps both workers' memory of the keys fresh, which is when a new key could be missed.
  const traffic = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (isBusy.value) await ask(`${url}/v1/files?folder=samples`, adminKey)
    }),
  )
  for (let round = 0; round < 10; round += 1) {
    const made = await ask(
      `${url}/v1/api-keys`,
      adminKey,
      'POST',
      '{"name": "n", "actions": ["list"]}',
    )
    const { key } = JSON.parse(made.text) as { key: string }
    await ask(`${url}/v1/revocations`, adminKey, 'POST', '{"all": true}')
    await ask(`${url}/v1/signing-keys/rotate`, adminKey, 'POST')
    const issued = await ask(
      `${url}/v1/links`,
      adminKey,
      'POST',
      '{"path": "samples/private/welcome.txt"}',
    )
    const link = JSON.parse(issued.text) as { url: string }
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async (_, index) =>
        index % 2 === 0
          ? (await ask(`${url}/v1/files?folder=samples`, key)).status
          : (await ask(link.url, '')).status,
      ),
    )
    assert.deepEqual(new Set(statuses), new Set([200]), `round ${round}: ${statuses.join(' ')}`)
  }
  isBusy.value = false
  await traffic
})

test('over two processes a link for n uses gives exactly n, however many ask at once', async (t) => {
  const { url, adminKey } = await startTogether(t)
  for (const maxUses of [1, 1, 1, 2, 5]) {
    const body = JSON.stringify({ path: 'samples/private/welcome.txt', maxUses })
    const link = JSON.parse((await ask(`${url}/v1/links`, adminKey, 'POST', body)).text) as {
      url: string
    }
    const answers = await Promise.all(Array.from({ length: 32 }, () => ask(link.url, '')))
    const statuses = answers.map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 200).length, maxUses)
    assert.equal(statuses.filter((status) => status === 410).length, 32 - maxUses)
  }
})
