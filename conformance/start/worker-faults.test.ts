/** Workers that stop answering, and workers that are stopped while they work. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { ClientRequest } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { childrenOf, parentOf } from '../lib/process-table.ts'
import { bannerValue, makeDataDir, spawnHallpass } from './spawn-server.ts'

const UPLOADS = 20

/** On a connection of its own, which the kernel may give to any worker. */
function isWell(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const agent = new Agent({ keepAlive: false })
  const asked = request(`${url}/-/healthz`, { agent, timeout: PATIENCE_MS }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode === 200))
  })
  asked.on('timeout', () => asked.destroy())
  asked.on('error', () => resolve(false))
  asked.end()
  return promise
}

test('a stopped worker is noticed and replaced, and no new connection is swallowed any more', async (t) => {
  const server = spawnHallpass(t, ['serve', '--workers', '2'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  const supervisor = server.child.pid ?? 0
  const [stopped = 0] = childrenOf(supervisor)
  process.kill(stopped, 'SIGSTOP')
  await waitUntil(() => parentOf(stopped) === null)
  await waitUntil(() => server.stderr().includes('worker restarted'))
  assert.match(server.stderr(), /"msg":"worker does not answer"/)
  assert.equal(childrenOf(supervisor).length, 2)
  for (let count = 0; count < 40; count += 1) assert.ok(await isWell(url), `connection ${count}`)
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
})

test('a graceful stop with workers leaves no temporary files of the uploads that it cuts', async (t) => {
  const dataDir = makeDataDir(t)
  const server = spawnHallpass(t, ['serve', '--workers', '2'], {
    HALLPASS_DATA_DIR: dataDir,
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  const authorization = bannerValue(server.stdout(), 'Admin API key')
  const countTemporary = (): number => readdirSync(join(dataDir, 'blobs', 'tmp')).length
  const cut: Promise<void>[] = []
  const uploads = Array.from({ length: UPLOADS }, (_, index): ClientRequest => {
    const upload = request(`${url}/v1/files?path=samples/never${index}.bin`, {
      method: 'PUT',
      agent: new Agent({ keepAlive: false }),
      headers: { authorization, 'content-length': '10000000' },
    })
    cut.push(new Promise((resolve) => upload.on('error', () => resolve())))
    upload.write(Buffer.alloc(200_000))
    return upload
  })
  await waitUntil(() => countTemporary() === UPLOADS)
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
  await Promise.all(cut)
  assert.equal(countTemporary(), 0)
  for (const upload of uploads) upload.destroy()
})
