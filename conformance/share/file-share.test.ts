/** A shared file: the page, its password, its uses and its end, as strangers meet them. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { PREVIEW_AGENTS } from '../../packages/server/src/core/links/previews.ts'
import { waitUntil } from '../lib/patience.ts'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, upload } from '../rest/call.ts'
import { cookieOf, leadsTo, look, press, share } from './visit.ts'

const run = promisify(execFile)

function withFile(use: (server: RunningServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    await upload(server, 'acme/report <1>.txt', 'the report')
    await use(server)
  })
}

const PATH = 'acme/report <1>.txt'

test('a shared file is looked at by GET, and had by the form of its page', async () => {
  await withFile(async (server) => {
    const { url } = await share(server, { path: PATH, owner: 'Ada <b>', greeting: 'Hi & bye' })
    const page = await look(url)
    assert.equal(page.status, 200)
    for (const said of ['report &lt;1&gt;.txt', 'Ada &lt;b&gt;', 'Hi &amp; bye', '10 bytes']) {
      assert.ok(page.text.includes(said), `${said} in ${page.text}`)
    }
    const got = await press(url, { action: 'download' })
    assert.equal(got.status, 303)
    const file = await fetch(leadsTo(got, url))
    assert.equal(await file.text(), 'the report')
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename=/)
    const told = await look(url, { headers: { accept: 'application/json' } })
    assert.deepEqual(
      { ...JSON.parse(told.text), expiresAt: '' },
      {
        kind: 'file',
        name: 'report <1>.txt',
        size: 10,
        contentType: 'text/plain;charset=UTF-8',
        owner: 'Ada <b>',
        greeting: 'Hi & bye',
        expiresAt: '',
        usesLeft: null,
      },
    )
  })
})

test('every page says that nobody keeps, lists, frames or sniffs it, and lets no script run', async () => {
  await withFile(async (server) => {
    const { url } = await share(server, { path: PATH, password: 'secret' })
    for (const page of [
      await look(url),
      await look(`${url}x`),
      await look(url, { method: 'PUT' }),
    ]) {
      const header = (name: string): string => page.headers.get(name) ?? ''
      assert.equal(header('cache-control'), 'private, no-store')
      assert.equal(header('referrer-policy'), 'no-referrer')
      assert.equal(header('x-robots-tag'), 'noindex, nofollow, noarchive')
      assert.equal(header('x-content-type-options'), 'nosniff')
      const policy = header('content-security-policy')
      assert.match(policy, /default-src 'none'; style-src 'sha256-/)
      assert.match(policy, /base-uri 'none'; frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /script-src|unsafe/)
    }
  })
})

test(
  'a password is asked for before anything of the file is told, and kept out of every address',
  { skip: MOVES_CLOCK },
  async () => {
    await withFile(async (server) => {
      const { url, id } = await share(server, { path: PATH, password: 'pässword', owner: 'Ada' })
      const asked = await look(url)
      assert.equal(asked.status, 401)
      assert.doesNotMatch(asked.text, /report|Ada|bytes/)
      assert.equal((await press(url, { action: 'download' })).status, 401)
      const wrong = await press(url, { action: 'download', password: 'password' })
      assert.equal(wrong.status, 403)
      assert.doesNotMatch(wrong.text, /report|Ada|bytes/)
      assert.equal(wrong.headers.get('set-cookie'), null)

      const opened = await press(url, { password: 'pa\u0308ssword' })
      assert.equal(opened.status, 303)
      assert.equal(leadsTo(opened, url), url)
      const attributes = opened.headers.get('set-cookie') ?? ''
      const path = new URL(url).pathname
      assert.match(
        attributes,
        new RegExp(`; Path=${path}; Max-Age=\\d+; HttpOnly; SameSite=Strict$`),
      )
      const cookie = cookieOf(opened)
      const page = await look(url, { headers: { cookie } })
      assert.equal(page.status, 200)
      assert.match(page.text, /report/)
      const got = await press(url, { action: 'download' }, { cookie })
      assert.equal(await (await fetch(leadsTo(got, url))).text(), 'the report')

      // Another password ends the session of the one before, and one share's opens no other.
      const other = await share(server, { path: PATH, password: 'pässword' })
      assert.equal((await look(other.url, { headers: { cookie } })).status, 401)
      const changed = await call(server, 'PATCH', `/v1/shares/${id}`, { json: { password: 'new' } })
      assert.equal(changed.status, 200)
      assert.equal((await look(url, { headers: { cookie } })).status, 401)
      server.advanceClock(31 * 60_000)
      assert.equal((await look(url, { headers: { cookie: cookieOf(opened) } })).status, 401)
    })
  },
)

test(
  'five wrong passwords in a minute slow down the address and the share, the right one too',
  { skip: MOVES_CLOCK },
  async () => {
    await withFile(async (server) => {
      const { url } = await share(server, { path: PATH, password: 'right' })
      const guesses = Array.from({ length: 12 }, () => press(url, { password: 'wrong' }))
      const statuses = (await Promise.all(guesses)).map(({ status }) => status)
      assert.equal(statuses.filter((status) => status === 403).length, 5)
      assert.equal(statuses.filter((status) => status === 429).length, 7)
      const late = await press(url, { password: 'right' })
      assert.equal(late.status, 429)
      assert.match(late.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
      // The same address guesses at no other share either.
      const other = await share(server, { path: PATH, password: 'right' })
      assert.equal((await press(other.url, { password: 'right' })).status, 429)
      server.advanceClock(61_000)
      for (let count = 0; count < 7; count += 1) {
        assert.equal((await press(url, { password: 'right' })).status, 303)
      }
    })
  },
)

test('looking, asking for the page and preview programs use nothing; a share is good for its uses', async () => {
  await withFile(async (server) => {
    const { url, id } = await share(server, { path: PATH, maxUses: 2 })
    for (const agent of [...PREVIEW_AGENTS.slice(0, 12), 'Mozilla/5.0 (X11) Firefox/140.0']) {
      const seen = await look(url, { headers: { 'user-agent': agent } })
      assert.equal(seen.status, 200)
      assert.equal(seen.text.includes('report'), agent.startsWith('Mozilla'), agent)
    }
    const ahead = await look(url, { headers: { 'sec-purpose': 'prefetch' } })
    assert.equal(ahead.status, 200)
    assert.doesNotMatch(ahead.text, /report/)
    const head = await look(url, { method: 'HEAD' })
    assert.deepEqual([head.status, head.text], [200, ''])

    for (let use = 1; use <= 2; use += 1) {
      const got = await press(url, { action: 'download' })
      assert.equal(await (await fetch(leadsTo(got, url))).text(), 'the report')
    }
    const over = await press(url, { action: 'download' })
    assert.equal(over.status, 410)
    assert.match(over.text, /has been used/)
    assert.equal((await call(server, 'GET', `/v1/shares/${id}`)).json['uses'], 2)
  })
})

test(
  'revoked, paused, expired, not begun, for others, deleted, unknown: a page and a document with one status',
  { skip: MOVES_CLOCK },
  async () => {
    await withFile(async (server) => {
      const made = (more: object) => share(server, { path: PATH, ...more })
      const ended = await made({})
      await call(server, 'DELETE', `/v1/shares/${ended.id}`)
      const paused = await made({})
      await call(server, 'POST', `/v1/links/${paused.id}/pause`)
      const soon = await made({ notBefore: new Date(Date.now() + 3_600_000).toISOString() })
      const elsewhere = await made({ ip: '203.0.113.0/24' })
      const short = await made({ expiresIn: 60 })
      const doomed = await upload(server, 'acme/doomed.txt', 'x')
      const deleted = await share(server, { fileId: doomed['id'] })
      await call(server, 'DELETE', `/v1/files/${String(doomed['id'])}`)
      server.advanceClock(61_000)
      const cases = [
        [ended.url, 403, 'link-revoked', /was ended/],
        [paused.url, 403, 'link-paused', /stands still/],
        [soon.url, 403, 'link-not-yet', /does not work yet/],
        [elsewhere.url, 403, 'link-ip-not-allowed', /another one, and you come from 127/],
        [short.url, 403, 'link-shortened', /has expired/],
        [deleted.url, 403, 'link-revoked', /was ended/],
        [`${short.url}x`, 404, 'share-not-found', /nothing at this address/],
        [short.url.replace(/.$/, '!'), 404, 'share-not-found', /nothing at this address/],
      ] as const
      for (const [url, status, code, said] of cases) {
        const page = await look(url)
        assert.equal(page.status, status, code)
        assert.match(page.text, said)
        const told = await look(url, { headers: { accept: 'application/json' } })
        assert.equal(told.status, status)
        assert.equal(told.headers.get('content-type'), 'application/problem+json')
        assert.equal(JSON.parse(told.text).code, code)
        const robot = await look(url, { headers: { 'user-agent': 'Slackbot' } })
        assert.equal(robot.status, status)
      }
    })
  },
)

test('one revocation ends the page and what it handed out', async () => {
  await withFile(async (server) => {
    const { url, id } = await share(server, { path: PATH })
    const ticket = leadsTo(await press(url, { action: 'download' }), url)
    assert.equal((await fetch(ticket)).status, 200)
    await call(server, 'DELETE', `/v1/shares/${id}`)
    assert.equal((await fetch(ticket)).status, 403)
    assert.equal((await look(url)).status, 403)
  })
})

test('a share outlives the rotation and the end of signing keys, and dies by a sweep', async () => {
  await withFile(async (server) => {
    const { url } = await share(server, { path: PATH })
    const { json } = await call(server, 'POST', '/v1/signing-keys/rotate')
    const got = await press(url, { action: 'download' })
    assert.equal((await fetch(leadsTo(got, url))).status, 200, JSON.stringify(json))
    await call(server, 'POST', '/v1/revocations', { json: { file: PATH } })
    assert.equal((await look(url)).status, 403)
  })
})

test('a page of somebody else can send the form in no name but its own', async () => {
  await withFile(async (server) => {
    const { url } = await share(server, { path: PATH, maxUses: 1 })
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ]) {
      assert.equal((await press(url, { action: 'download' }, headers)).status, 403)
    }
    const own = { 'sec-fetch-site': 'same-origin', origin: 'null' }
    assert.equal((await press(url, { action: 'download' }, own)).status, 303)
  })
})

test('what reads the catalog, the log, the events and the metrics opens no share', async () => {
  await withFile(async (server) => {
    const { url, id } = await share(server, { path: PATH, password: 'sesame-canary' })
    await press(url, { password: 'wrong-canary' })
    const agent = { 'user-agent': `a browser that came from ${url}`, referer: url }
    await press(url, { password: 'sesame-canary' }, agent)
    const token = url.slice(url.lastIndexOf('/') + 1)
    for (const path of [`//s/${token}`, `/s/${token}/`]) {
      assert.notEqual((await look(server.origin + path, { headers: agent })).status, 200, path)
    }
    // Servers write uses down a moment later, this one when it is asked to.
    let text = ''
    await waitUntil(async () => {
      await server.core.events.flush()
      ;({ text } = await call(server, 'GET', `/v1/events?link=${id}`))
      return text.includes('share-password-wrong')
    })
    const { text: others } = await call(server, 'GET', '/v1/events')
    const { text: metrics } = await call(server, 'GET', '/-/metrics')
    assert.match(metrics, /hallpass_/)
    const grant = await server.core.catalog.grants.find(id)
    const everything = [server.logText(), text, others, metrics, JSON.stringify(grant)].join('\n')
    assert.ok(everything.includes(id))
    for (const secret of [token, token.slice(8), 'canary']) {
      assert.equal(everything.includes(secret), false, secret)
    }
  })
})

test('the whole download, password included, is a form that curl sends', async () => {
  await withFile(async (server) => {
    const { url } = await share(server, { path: PATH, password: 'secret', maxUses: 1 })
    const form = ['--data-urlencode', 'password=secret', '-d', 'action=download']
    const { stdout } = await run('curl', ['-sS', '-L', ...form, url])
    assert.equal(stdout, 'the report')
    const again = await run('curl', ['-sS', '-L', '-o', '-', '-w', '%{http_code}', ...form, url])
    assert.match(again.stdout, /has been used[\s\S]*410$/)
  })
})

test('shares are listed among links, and by themselves; one is narrowed and never widened', async () => {
  await withFile(async (server) => {
    const { id } = await share(server, { path: PATH, maxUses: 3, label: 'L' })
    await call(server, 'POST', '/v1/links', { json: { path: PATH } })
    const shares = (await call(server, 'GET', '/v1/shares?status=active')).json['shares']
    assert.deepEqual(
      (shares as { id: string }[]).map((one) => one.id),
      [id],
    )
    assert.equal(((await call(server, 'GET', '/v1/links')).json['links'] as unknown[]).length, 2)
    const patch = (json: object) => call(server, 'PATCH', `/v1/shares/${id}`, { json })
    assert.equal((await patch({ maxUses: 4 })).status, 409)
    const narrowed = await patch({ maxUses: 1, greeting: 'Hi', password: 'p' })
    assert.deepEqual(
      ['maxUses', 'greeting', 'hasPassword', 'label'].map((name) => narrowed.json[name]),
      [1, 'Hi', true, 'L'],
    )
    assert.equal((await patch({ greeting: null })).json['greeting'], null)
    await call(server, 'DELETE', `/v1/shares/${id}`)
    const left = await call(server, 'GET', '/v1/shares?status=active')
    assert.deepEqual(left.json['shares'], [])
    assert.equal(
      (await call(server, 'GET', '/v1/shares?status=revoked')).json['shares']?.constructor,
      Array,
    )
    const link = await call(server, 'POST', '/v1/links', { json: { path: PATH } })
    const other = await call(server, 'GET', `/v1/shares/${String(link.json['id'])}`)
    assert.equal(other.json['code'], 'share-not-found')
  })
})

test('policy asks for passwords and a shortest life, of shares that are there too', async () => {
  await withFile(async (server) => {
    const policy = (lines: object) =>
      call(server, 'PUT', '/v1/folders/acme/policy', { json: { policy: lines } })
    const { url } = await share(server, { path: PATH })
    assert.equal((await policy({ requirePassword: true, maxShareSeconds: 3600 })).status, 200)
    const refused = await look(url, { headers: { accept: 'application/json' } })
    assert.equal(refused.status, 400)
    const ask = (json: object) => call(server, 'POST', '/v1/shares', { json })
    const open = await ask({ path: PATH, expiresIn: 60 })
    assert.deepEqual([open.status, open.json['field']], [403, 'requirePassword'])
    const long = await ask({ path: PATH, password: 'p', expiresIn: 7200 })
    assert.deepEqual([long.status, long.json['code']], [400, 'expiry-too-long'])
    const { json } = await ask({ path: PATH, password: 'p' })
    const life = Date.parse(String(json['expiresAt'])) - Date.parse(String(json['createdAt']))
    assert.equal(life, 3_600_000)
  })
})

test('nobody shares what their key may not do itself', async () => {
  await withFile(async (server) => {
    const keyFor = async (...actions: string[]): Promise<string> => {
      const { json } = await call(server, 'POST', '/v1/api-keys', { json: { name: 'n', actions } })
      return String(json['key'])
    }
    const statusOf = async (key: string, json: object): Promise<number> =>
      (await call(server, 'POST', '/v1/shares', { json, key })).status
    const [none, read, list] = [
      await keyFor('share'),
      await keyFor('share', 'read'),
      await keyFor('share', 'read', 'list'),
    ]
    const [file, folder, drop] = [
      { path: PATH },
      { path: 'acme/' },
      { path: 'acme/in/', kind: 'drop' },
    ]
    assert.deepEqual([await statusOf(none, file), await statusOf(none, drop)], [403, 403])
    assert.deepEqual([await statusOf(read, file), await statusOf(read, folder)], [201, 403])
    assert.deepEqual([await statusOf(list, folder), await statusOf(list, drop)], [201, 403])
  })
})

test('where files have a host of their own, pages are on the other, and lead to it', async () => {
  const [publicUrl, filesUrl] = ['http://share.test', 'http://files.test']
  await withServer(
    async (server) => {
      const host = (name: string) => ({ headers: { host: name } })
      const ask = async (path: string, init: { method?: string; body?: string; type?: string }) => {
        const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
        const { method = 'GET', body, type = 'application/json' } = init
        const headers = { ...host('share.test').headers, authorization: server.adminKey }
        const sent = { method, headers: { ...headers, 'content-type': type } }
        request(server.origin + path, sent, resolve).end(body)
        const answer = await promise
        return { answer, text: await textOf(answer) }
      }
      await ask(`/v1/files?${new URLSearchParams({ path: PATH })}`, { method: 'PUT', body: 'x' })
      const made = await ask('/v1/shares', { method: 'POST', body: JSON.stringify({ path: PATH }) })
      const { url } = JSON.parse(made.text) as { readonly url: string }
      assert.ok(url.startsWith(`${publicUrl}/s/`), url)
      const { pathname } = new URL(url)
      const page = await ask(pathname, {})
      assert.match(
        String(page.answer.headers['content-security-policy'] ?? ''),
        /form-action 'self' http:\/\/files\.test/,
      )
      const form = {
        method: 'POST',
        body: 'action=download',
        type: 'application/x-www-form-urlencoded',
      }
      const { answer } = await ask(pathname, form)
      assert.ok(answer.headers.location?.startsWith(`${filesUrl}/acme/`), answer.headers.location)
      const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
      request(server.origin + pathname, host('files.test'), resolve).end()
      assert.notEqual((await promise.then((got) => got.resume())).statusCode, 200)
    },
    { publicUrl, filesUrl },
  )
})
