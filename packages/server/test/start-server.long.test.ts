import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { startServer } from '../src/start-server.ts'
import type { RunningServer, StartOptions } from '../src/start-server.ts'
import { warnOfProxies } from '../src/warn-of-proxies.ts'
import { readConfig } from '../src/config.ts'
import { createLog } from '../src/platform/log.ts'

const ADMIN_KEY = 'q7Fz2LwB9xTnV4mKp8RsYc3HdJ6gAe1U'
const PUBLIC = 'https://hallpass.example.com'
const CONTENT = 'https://content.example.net'

function makeDataDir(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-program-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  return join(root, 'data')
}

async function start(
  t: TestContext,
  options: Omit<StartOptions, 'dataDir'> = {},
): Promise<RunningServer> {
  const dataDir = makeDataDir(t)
  const server = await startServer({
    dataDir,
    port: 0,
    logLevel: 'silent',
    adminKey: ADMIN_KEY,
    ...options,
  })
  t.after(() => server.close())
  return server
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface Ask {
  readonly host?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** `fetch` would choose the Host by itself. */
function ask({ port }: RunningServer, path: string, question: Ask = {}): Promise<Answer> {
  const { host = 'localhost', method = 'GET', headers = {}, body } = question
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request({ port, host: '127.0.0.1', path, method, headers: { host, ...headers } })
  sent.on('error', reject)
  sent.on('response', (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
    )
  })
  sent.end(body)
  return promise
}

const asAdmin = { authorization: ADMIN_KEY }

async function upload(server: RunningServer, host: string): Promise<void> {
  const path = '/v1/files?path=acme/a.txt'
  const answer = await ask(server, path, { host, method: 'PUT', headers: asAdmin, body: 'hello' })
  assert.equal(answer.status, 201, answer.text)
}

async function issue(server: RunningServer, host: string, more: object = {}): Promise<string> {
  const answer = await ask(server, '/v1/links', {
    host,
    method: 'POST',
    headers: { ...asAdmin, 'content-type': 'application/json' },
    body: JSON.stringify({ path: 'acme/a.txt', ...more }),
  })
  assert.equal(answer.status, 201, answer.text)
  return (JSON.parse(answer.text) as { url: string }).url
}

test('a program starts a server with a data directory and a port, and closes it', async (t) => {
  const dataDir = makeDataDir(t)
  const server = await startServer({ dataDir, port: 0, logLevel: 'silent' })
  assert.equal(server.url, `http://localhost:${server.port}`)
  const { adminKey } = server.firstStart
  const { status } = await fetch(`${server.url}/v1/files?folder=samples/private`, {
    headers: { authorization: adminKey ?? '' },
  })
  assert.equal(status, 200)
  await server.close()
  await assert.rejects(fetch(`${server.url}/-/healthz`))
  const again = await startServer({ dataDir, port: 0, logLevel: 'silent' })
  assert.equal(again.firstStart.adminKey, null)
  await again.close()
})

test('a second server over the directory is refused, in one program too, and the first goes on', async (t) => {
  const dataDir = makeDataDir(t)
  const first = await startServer({ dataDir, port: 0, logLevel: 'silent' })
  const second = startServer({ dataDir, port: 0, logLevel: 'silent' })
  await assert.rejects(second, { name: 'ConfigError', message: /in use by another server/ })
  assert.equal((await ask(first, '/-/readyz')).status, 200)
  await first.close()
})

test('a program’s settings are checked like everybody’s, and lists may be arrays', async (t) => {
  const dataDir = makeDataDir(t)
  await assert.rejects(startServer({ dataDir, port: 70_000 }), /--port is not a whole number/)
  await assert.rejects(startServer({ dataDir, adminKey: 'minioadmin' }), /--admin-key is refused/)
  const wrong = { dataDir, speed: 9 } as StartOptions
  await assert.rejects(startServer(wrong), /speed is not a setting/)
  const server = await start(t, { corsOrigins: ['http://localhost:*', 'https://app.example.com'] })
  const headers = { origin: 'http://localhost:5173', 'access-control-request-method': 'PUT' }
  const preflight = await ask(server, '/acme/a', { method: 'OPTIONS', headers })
  assert.equal(preflight.status, 204)
})

test('a foreign Host reads no public folder, no docs and no OpenAPI, and each face says so in its own words', async (t) => {
  const server = await start(t)
  await upload(server, 'localhost')
  const folder = { method: 'PUT', headers: { ...asAdmin, 'content-type': 'application/json' } }
  await ask(server, '/v1/folders/acme', { ...folder, body: '{"visibility": "public"}' })
  for (const host of ['localhost', `127.0.0.1:${server.port}`, '[::1]']) {
    assert.equal((await ask(server, '/acme/a.txt', { host })).text, 'hello', host)
    assert.equal((await ask(server, '/-/docs', { host })).status, 200, host)
  }
  const foreign = [
    'evil.test',
    `evil.test:${server.port}`,
    '192.168.0.9',
    '127.1',
    'localhost.evil.test',
  ]
  for (const host of foreign) {
    for (const path of ['/acme/a.txt', '/acme', '/']) {
      const answer = await ask(server, path, { host })
      assert.equal(answer.status, 421, `${host} ${path}`)
      assert.equal(answer.headers['content-type'], 'application/xml')
      assert.match(answer.text, /<Code>MisdirectedRequest<\/Code>/)
    }
    for (const path of ['/-/docs', '/v1/openapi.json', '/v1/files', '/-/metrics', '/v1/nothing']) {
      const answer = await ask(server, path, { host, headers: asAdmin })
      assert.equal(answer.status, 421, `${host} ${path}`)
      assert.equal(answer.headers['content-type'], 'application/problem+json')
      assert.equal((JSON.parse(answer.text) as { code: string }).code, 'host-not-served')
    }
    assert.equal((await ask(server, '/-/healthz', { host })).status, 200)
  }
  const page = await ask(server, '/acme/a.txt', {
    host: 'evil.test',
    headers: { accept: 'text/html' },
  })
  assert.equal(page.status, 421)
  assert.match(page.text, /<html/)
})

test('a refused upload leaves its connection in order', async (t) => {
  const server = await start(t)
  const body = 'x'.repeat(100_000)
  for (const path of ['/v1/files?path=acme/b.txt', '/acme/b.txt']) {
    const answer = await ask(server, path, {
      host: 'evil.test',
      method: 'PUT',
      headers: asAdmin,
      body,
    })
    assert.equal(answer.status, 421)
  }
  assert.equal((await ask(server, '/-/readyz')).status, 200)
})

test('with a public URL and a files URL each host serves its own face only, and links are made with the files URL', async (t) => {
  const server = await start(t, { publicUrl: PUBLIC, filesUrl: CONTENT })
  const [rest, content] = ['hallpass.example.com', 'content.example.net']
  assert.equal(server.url, PUBLIC)
  await upload(server, rest)
  const link = await issue(server, rest)
  assert.ok(link.startsWith(`${CONTENT}/acme/a.txt?`), link)
  const path = link.slice(CONTENT.length)
  assert.equal((await ask(server, path, { host: content })).text, 'hello')
  assert.equal((await ask(server, path, { host: rest })).status, 421)
  assert.equal((await ask(server, '/acme/a.txt', { host: 'localhost' })).status, 421)
  for (const page of ['/-/docs', '/v1/openapi.json']) {
    assert.equal((await ask(server, page, { host: rest })).status, 200)
    assert.equal((await ask(server, page, { host: content })).status, 421)
  }
  const file = await ask(server, '/v1/files?folder=acme', { host: rest, headers: asAdmin })
  const [{ id }] = (JSON.parse(file.text) as { files: [{ id: string }] }).files
  const { text } = await ask(server, `/v1/files/${id}`, { host: rest, headers: asAdmin })
  assert.ok((JSON.parse(text) as { signedUrl: string }).signedUrl.startsWith(`${CONTENT}/acme/`))
  const root = await ask(server, '/', { host: rest })
  assert.deepEqual([root.status, root.headers.location], [302, '/-/docs'])
})

test('behind a trusted proxy, links and keys are bound to the client’s address', async (t) => {
  const server = await start(t, { trustedProxies: ['127.0.0.1'] })
  await upload(server, 'localhost')
  const link = new URL(await issue(server, 'localhost', { ip: '203.0.113.0/24' }))
  const path = link.pathname + link.search
  const open = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await ask(server, path, { host: link.host, headers })).status
  assert.equal(await open({ 'x-forwarded-for': '6.6.6.6, 203.0.113.9' }), 200)
  assert.equal(await open({ forwarded: 'for="203.0.113.9:4711";proto=https' }), 200)
  assert.equal(await open({ 'x-forwarded-for': '203.0.113.9, 6.6.6.6' }), 403)
  assert.equal(await open({ 'x-forwarded-for': 'unknown' }), 403)
  assert.equal(await open({}), 403)
  const made = await ask(server, '/v1/api-keys', {
    method: 'POST',
    headers: { ...asAdmin, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'n', actions: ['list'], cidrs: ['203.0.113.0/24'] }),
  })
  const { key: authorization } = JSON.parse(made.text) as { key: string }
  const list = async (address: string): Promise<number> =>
    (
      await ask(server, '/v1/files?folder=acme', {
        headers: { authorization, 'x-forwarded-for': address },
      })
    ).status
  assert.equal(await list('203.0.113.9'), 200)
  assert.equal(await list('6.6.6.6'), 401)
})

test('where no proxy is trusted, a forged address opens no link', async (t) => {
  const server = await start(t)
  await upload(server, 'localhost')
  const link = new URL(await issue(server, 'localhost', { ip: '203.0.113.0/24' }))
  const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' }
  const answer = await ask(server, link.pathname + link.search, { host: link.host, headers })
  assert.equal(answer.status, 403)
})

test('an https public URL without a trusted proxy is warned of, and nothing else is', () => {
  const warned = (env: Record<string, string>): number => {
    const lines: string[] = []
    const log = createLog('info', { write: (line) => lines.push(line) })
    const readFile = (): string => ''
    warnOfProxies(readConfig({ env, flags: {}, configFile: null, cwd: '/', readFile }), log)
    for (const line of lines) assert.match(line, /HALLPASS_TRUSTED_PROXIES/)
    return lines.length
  }
  assert.equal(warned({ HALLPASS_PUBLIC_URL: PUBLIC }), 1)
  assert.equal(warned({ HALLPASS_PUBLIC_URL: PUBLIC, HALLPASS_TRUSTED_PROXIES: '10.0.0.1' }), 0)
  assert.equal(warned({ HALLPASS_PUBLIC_URL: 'http://files.test' }), 0)
  assert.equal(warned({}), 0)
})
