import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { bannerValue, makeDataDir, spawnHallpass } from './spawn-server.ts'

test('a stop lets an upload under way finish, takes no new connection, and exits with 0', async (t) => {
  const server = spawnHallpass(t, ['serve'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  const authorization = bannerValue(server.stdout(), 'Admin API key')
  const upload = request(`${url}/v1/files?path=samples/slow.txt`, {
    method: 'PUT',
    headers: { authorization, 'content-length': '10', 'content-type': 'text/plain' },
  })
  const answered = new Promise<number>((resolve, reject) => {
    upload.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    upload.on('error', reject)
  })
  upload.write('01234')
  // The upload counts as under way once another request, sent after it, has been answered.
  assert.equal((await fetch(`${url}/-/healthz`)).status, 200)
  server.child.kill('SIGTERM')
  await waitUntil(() => isRefused(url))
  assert.equal(server.child.exitCode, null, 'the server did not wait for the upload')
  upload.end('56789')
  assert.equal(await answered, 201)
  assert.equal(await server.exited, 0)
})

test('a client that does not finish is cut after ten seconds', async (t) => {
  const server = spawnHallpass(t, ['serve'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  const authorization = bannerValue(server.stdout(), 'Admin API key')
  const upload = request(`${url}/v1/files?path=samples/never.txt`, {
    method: 'PUT',
    headers: { authorization, 'content-length': '10' },
  })
  const cut = new Promise<void>((resolve) => {
    upload.on('error', () => resolve())
  })
  upload.write('01234')
  assert.equal((await fetch(`${url}/-/healthz`)).status, 200)
  const stoppedAt = performance.now()
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
  await cut
  const took = performance.now() - stoppedAt
  assert.ok(took > 9000, `the client had ${took} ms only`)
})

async function isRefused(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/-/healthz`, { headers: { connection: 'close' } })
    return false
  } catch {
    return true
  }
}
