/** A page of the application in a real browser, which has its user's token and no key: it uploads, shows and shares that user's files. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import type { CryptoKey } from 'jose'
import type { Page } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'

const ADMIN_KEY = 'end-users-admin-0123456789abcdefghijkl'
const RULES = '[{"path": "acme/users/{sub}/**", "actions": ["read", "write", "list", "share"]}]'

/** The keys of an issuer, and pages to come from. */
async function startSite(t: TestContext, keys: object): Promise<string> {
  const site = createServer(({ url }, response) => {
    const isKeys = url === '/keys'
    response.setHeader('content-type', isKeys ? 'application/json' : 'text/html')
    response.end(isKeys ? JSON.stringify(keys) : '<!doctype html><title>app</title>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    site.closeAllConnections()
    site.close()
  })
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`
}

function sign(privateKey: CryptoKey, subject: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: '1' })
    .setIssuer('https://issuer.test/')
    .setAudience('files')
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)
}

interface Asked {
  readonly url: string
  readonly credential: string
  readonly method: string
  readonly path: string
}

/** From a script of the page: status and body, or what the browser throws. */
function issueIn(page: Page, asked: Asked): Promise<{ status: number; url: string } | string> {
  return page.evaluate(async ({ url, credential, method, path }) => {
    try {
      const answer = await fetch(`${url}/v1/links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
        body: JSON.stringify({ path, method }),
      })
      const { url: link = '' } = (await answer.json()) as { url?: string }
      return { status: answer.status, url: link }
    } catch (error) {
      return String(error)
    }
  }, asked)
}

test('a page uploads, reads and shares with its user’s own token', { skip }, async (t) => {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const app = await startSite(t, { keys: [{ ...(await exportJWK(publicKey)), kid: '1' }] })
  const stranger = await startSite(t, {})
  const server = spawnHallpass(t, ['serve'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: ADMIN_KEY,
    HALLPASS_CORS_ORIGINS: app,
    HALLPASS_TOKEN_ISSUER: 'https://issuer.test/',
    HALLPASS_TOKEN_AUDIENCE: 'files',
    HALLPASS_TOKEN_KEYS_URL: `${app}/keys`,
    HALLPASS_TOKEN_RULES: RULES,
  })
  const url = await server.ready()
  const authorization = `Bearer ${ADMIN_KEY}`
  await fetch(`${url}/v1/buckets/acme`, { method: 'PUT', headers: { authorization } })
  const credential = await sign(privateKey, 'auth0|1')
  const path = 'acme/users/auth0|1/note.txt'
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.goto(app)
    const upload = await issueIn(page, { url, credential, method: 'PUT', path })
    assert.ok(typeof upload === 'object', JSON.stringify(upload))
    const put = await page.evaluate(
      async (link) => (await fetch(link, { method: 'PUT', body: 'of the user' })).status,
      upload.url,
    )
    assert.equal(put, 200)
    const shared = await issueIn(page, { url, credential, method: 'GET', path })
    assert.ok(typeof shared === 'object', JSON.stringify(shared))
    const read = await page.evaluate(async (link) => (await fetch(link)).text(), shared.url)
    assert.equal(read, 'of the user')

    const others = { url, credential, method: 'GET', path: 'acme/users/auth0|2/note.txt' }
    assert.deepEqual(await issueIn(page, others), { status: 403, url: '' })
    const byKey = { url, credential: ADMIN_KEY, method: 'GET', path }
    assert.deepEqual(await issueIn(page, byKey), { status: 403, url: '' })
    await page.goto(stranger)
    const fromStranger = await issueIn(page, { url, credential, method: 'GET', path })
    assert.match(JSON.stringify(fromStranger), /TypeError/)
  } finally {
    await browser.close()
  }
})
