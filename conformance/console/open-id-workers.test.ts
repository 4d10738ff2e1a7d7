/** Signing in with OpenID Connect where several processes serve: none of them remembers what the next one must know. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { waitUntil } from '../lib/patience.ts'
import { childrenOf } from '../lib/process-table.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'
import type { Spawned } from '../start/spawn-server.ts'
import { buildConsole } from './build-console.ts'
import { GROUPS, goToProvider } from './go-to-provider.ts'
import { openPlainBrowser } from './plain-browser.ts'
import type { PlainBrowser } from './plain-browser.ts'
import { startProvider } from './start-provider.ts'

const WORKERS = 2

/** Kills each process that serves, and waits for others in their place. */
async function replaceWorkers({ child }: Spawned, url: string): Promise<void> {
  let before: readonly number[] = []
  await waitUntil(() => {
    before = childrenOf(child.pid ?? 0)
    return before.length === WORKERS
  }, 'both workers are there')
  for (const worker of before) process.kill(worker, 'SIGKILL')
  await waitUntil(() => {
    const now = childrenOf(child.pid ?? 0)
    return now.length === WORKERS && now.every((worker) => !before.includes(worker))
  }, 'both workers are others')
  await waitUntil(async () => {
    const answer = await fetch(`${url}/-/readyz`).catch(() => null)
    return answer?.ok === true
  }, 'the other workers answer')
}

async function nameAt(url: string, browser: PlainBrowser): Promise<unknown> {
  const answer = await browser.send(`${url}/v1/me`, { headers: { 'x-hallpass-console': '1' } })
  const { name, code } = (await answer.json()) as { readonly name?: string; readonly code?: string }
  return name ?? code
}

test('a sign-in that one process began is finished by another, once, and its session is known to a third', async (t) => {
  buildConsole()
  const provider = await startProvider()
  t.after(() => provider.stop())
  provider.accounts.set('ann', { email: 'ann@example.com', groups: ['file-admins'] })
  const port = await findPort()
  const url = `http://127.0.0.1:${port}`
  provider.allow(`${url}/-/console/openid/callback`)
  const server = spawnHallpass(t, ['serve', '--workers', String(WORKERS)], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: String(port),
    HALLPASS_PUBLIC_URL: url,
    HALLPASS_OIDC_ISSUER: provider.issuer,
    HALLPASS_OIDC_CLIENT_ID: provider.clientId,
    HALLPASS_OIDC_CLIENT_SECRET: provider.clientSecret,
    HALLPASS_OIDC_GROUPS: JSON.stringify(GROUPS),
  })
  await server.ready()
  const ann = openPlainBrowser()
  const back = await goToProvider(url, ann, 'ann')
  const cookie = `hallpass_sign_in_${port}`
  const kept = ann.cookies(url).get(cookie) ?? ''
  assert.notEqual(kept, '')
  await replaceWorkers(server, url)
  assert.equal((await ann.send(back)).headers.get('location'), '/-/console')
  for (let asked = 0; asked < 10; asked += 1) {
    assert.equal(await nameAt(url, ann), 'ann@example.com')
  }
  await replaceWorkers(server, url)
  assert.equal(await nameAt(url, ann), 'ann@example.com')

  const thief = openPlainBrowser()
  thief.plant(url, cookie, kept)
  const again = await thief.send(back)
  assert.match(again.headers.get('location') ?? '', /refused=sign-in-refused$/)
  assert.equal(await nameAt(url, thief), 'unauthenticated')
  const out = await ann.send(`${url}/v1/session`, {
    method: 'DELETE',
    headers: { 'x-hallpass-console': '1' },
  })
  assert.equal(out.status, 204)
})
