/** Who is signed in to the console, and for how long, in a real browser. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { skip } from '../lib/browser-of-process.ts'
import { waitUntil } from '../lib/patience.ts'
import { startProvider } from './start-provider.ts'
import { withConsole } from './with-console.ts'

test(
  'no script of the page can read what signs it in, and a reload keeps it',
  { skip },
  async () => {
    await withConsole(async ({ page, key }) => {
      const [cookie, ...others] = await page.context().cookies()
      assert.deepEqual(others, [])
      assert.equal(cookie?.httpOnly, true)
      assert.equal(cookie.sameSite, 'Strict')
      assert.notEqual(cookie.value, key)
      const seen = await page.evaluate(() => [
        document.cookie,
        sessionStorage.length,
        localStorage.length,
      ])
      assert.deepEqual(seen, ['', 0, 0])
      await page.reload()
      await page.getByRole('heading', { name: 'Files' }).waitFor()
    })
  },
)

test('signing out ends the session, not only the page', { skip }, async () => {
  await withConsole(async ({ page, url, browser }) => {
    const [cookie] = await page.context().cookies()
    assert.ok(cookie)
    const copied = await browser.newContext()
    await copied.addCookies([cookie])
    const ask = { headers: { 'x-hallpass-console': '1' } }
    assert.equal((await copied.request.get(`${url}/v1/me`, ask)).status(), 200)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('API key').waitFor()
    assert.equal((await copied.request.get(`${url}/v1/me`, ask)).status(), 401)
    assert.deepEqual(await page.context().cookies(), [])
  })
})

/** A page of somebody else's on this machine: to a browser it is the same site, so that cookies go along whatever they say. */
async function withForeignPage(use: (origin: string) => Promise<void>): Promise<void> {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>x</title>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  try {
    await use(`http://localhost:${(site.address() as AddressInfo).port}`)
  } finally {
    site.closeAllConnections()
    site.close()
  }
}

test('a page of elsewhere has nothing done in the name of who is signed in', { skip }, async () => {
  await withConsole(async ({ page, url, hp }) => {
    await hp.files.put({ path: 'acme/secret.txt', body: 'x' })
    await withForeignPage(async (origin) => {
      const evil = await page.context().newPage()
      await evil.goto(origin)
      const outcome = await evil.evaluate(async (target) => {
        const sent = { credentials: 'include', body: '{"path": "acme/secret.txt"}' } as const
        const own = { 'x-hallpass-console': '1' }
        const tries = [
          // What browsers send without asking, with the cookie.
          fetch(`${target}/v1/links`, { method: 'POST', mode: 'no-cors', ...sent }),
          // What they ask for before.
          fetch(`${target}/v1/links`, { method: 'POST', headers: own, ...sent }),
          fetch(`${target}/v1/buckets/stolen`, { method: 'PUT', credentials: 'include' }),
          fetch(`${target}/v1/session`, { method: 'DELETE', credentials: 'include' }),
          fetch(`${target}/v1/files?folder=acme`, { credentials: 'include' }),
        ]
        return (await Promise.allSettled(tries)).map(({ status }) => status)
      }, url)
      assert.deepEqual(outcome, ['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected'])
    })
    // The cookie went along, and was refused.
    await waitUntil(async () => {
      const { events } = await hp.events.list()
      return events.some(
        ({ code, target }) => code === 'session-foreign' && target === 'createLink',
      )
    })
    assert.deepEqual((await hp.links.list({ path: 'acme/secret.txt' })).links, [])
    const { buckets } = await hp.buckets.list()
    assert.ok(!buckets.some(({ name }) => name === 'stolen'))
    await page.reload()
    await page.getByRole('heading', { name: 'Files' }).waitFor()
  })
})

test('a key that is revoked ends what was signed in with it', { skip }, async () => {
  await withConsole(async ({ browser, url, hp }) => {
    const made = await hp.apiKeys.create({ name: 'guest', actions: ['read', 'list', 'admin'] })
    const page = await browser.newPage()
    await page.goto(`${url}/-/console`)
    await page.getByLabel('API key').fill(made.key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Files' }).waitFor()
    await hp.apiKeys.revoke({ id: made.id })
    await page.getByRole('navigation', { name: 'Screens' }).getByText('Keys').click()
    await page.getByLabel('API key').waitFor()
  })
})

test('whoever signs in next sees nothing of what was read before', { skip }, async () => {
  await withConsole(async ({ browser, url, hp }) => {
    for (const name of ['acme', 'other']) await hp.buckets.put({ name })
    const actions = ['read', 'list', 'write', 'admin'] as const
    const first = await hp.apiKeys.create({ name: 'first', actions })
    const next = await hp.apiKeys.create({ name: 'next', actions, pathPrefix: 'other/' })
    const page = await browser.newPage()
    await page.goto(`${url}/-/console`)
    await page.getByLabel('API key').fill(first.key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('acme').first().waitFor()
    await hp.apiKeys.revoke({ id: first.id })
    await page.getByRole('navigation', { name: 'Screens' }).getByText('Keys').click()
    await page.getByLabel('API key').waitFor()
    await page.getByLabel('API key').fill(next.key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).getByText('Files').click()
    await page.getByText('other').first().waitFor()
    assert.equal(await page.getByText('acme').count(), 0)
  })
})

test(
  'somebody comes in by their provider, and is told so where they may not',
  { skip },
  async () => {
    const provider = await startProvider()
    const settings = {
      oidcIssuer: provider.issuer,
      oidcClientId: provider.clientId,
      oidcClientSecret: provider.clientSecret,
      oidcGroups: [{ group: 'file-admins', actions: ['read', 'list', 'admin'] }],
    }
    provider.accounts.set('ann', { email: 'ann@example.com', groups: ['file-admins'] })
    provider.accounts.set('eve', { email: 'eve@example.com', groups: [] })
    try {
      await withConsole(
        async ({ browser, url }) => {
          provider.allow(`${url}/-/console/openid/callback`)
          for (const [login, seen] of [
            ['ann', 'ann@example.com'],
            ['eve', 'in none of the groups that may come in here'],
          ] as const) {
            const page = await (await browser.newContext()).newPage()
            await page.goto(`${url}/-/console`)
            await page.getByRole('link', { name: /^Sign in with 127/ }).click()
            await page.locator('input[name=login]').fill(login)
            await page.locator('input[name=password]').fill('any')
            await page.locator('button[type=submit]').click()
            await page.waitForURL((at) => at.href.includes('/interaction/'))
            await page.locator('button[type=submit]').click()
            await page.getByText(seen).waitFor()
            assert.ok(page.url().startsWith(`${url}/-/console`))
          }
        },
        { settings },
      )
    } finally {
      await provider.stop()
    }
  },
)
