/** Sessions of the console over REST, copies, names that begin so, and how a request came here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'

const OWN = { 'x-hallpass-console': '1' }

test('a key becomes a cookie, and a cookie becomes no other', async (t) => {
  const rest = await startRest(t)
  const begun = await rest.call('POST', '/v1/session')
  assert.equal(begun.status, 201)
  const line = begun.headers.get('set-cookie') ?? ''
  assert.match(
    line,
    /^hallpass_session_8787=hps[0-9A-Za-z]{40}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  )
  const cookie = line.split(';', 1)[0] ?? ''
  const asks = (headers: Readonly<Record<string, string>>, method = 'GET', path = '/v1/me') =>
    rest.call(method, path, { key: null, headers: { cookie, ...headers } })
  assert.equal((await asks(OWN)).status, 200)
  assert.equal((await asks({})).json['code'], 'session-foreign')
  assert.equal(
    (await asks({ ...OWN, 'sec-fetch-site': 'cross-site' })).json['code'],
    'session-foreign',
  )
  assert.equal((await asks(OWN, 'POST', '/v1/session')).status, 403)
  const wrong = await rest.call('GET', '/v1/me', {
    key: null,
    headers: { ...OWN, cookie: `hallpass_session_8787=hps${'x'.repeat(40)}` },
  })
  assert.equal(wrong.json['code'], 'session-over')
  assert.equal((await asks(OWN, 'DELETE', '/v1/session')).status, 204)
  assert.equal((await asks(OWN)).json['code'], 'session-over')
})

test('a session ends with its time and with its key, whichever comes first', async (t) => {
  const rest = await startRest(t)
  const made = await rest.call('POST', '/v1/api-keys', { json: { name: 'n', actions: ['read'] } })
  const sign = async (key: string): Promise<string> =>
    ((await rest.call('POST', '/v1/session', { key })).headers.get('set-cookie') ?? '').split(
      ';',
      1,
    )[0] ?? ''
  const ask = async (cookie: string) =>
    (await rest.call('GET', '/v1/me', { key: null, headers: { cookie, ...OWN } })).status
  const [one, other] = [await sign(String(made.json['key'])), await sign(rest.adminKey)]
  assert.deepEqual([await ask(one), await ask(other)], [200, 200])
  await rest.call('DELETE', `/v1/api-keys/${String(made.json['id'])}`)
  assert.deepEqual([await ask(one), await ask(other)], [401, 200])
  rest.core.clock.advance(43_200_001)
  assert.equal(await ask(other), 401)
})

test('whoever is not signed in is told no more than how to', async (t) => {
  const rest = await startRest(t)
  const { status, json } = await rest.call('GET', '/v1/session/ways', { key: null })
  assert.equal(status, 200)
  assert.deepEqual(json, { openId: null, isSignedIn: false })
})

test('a copy has the content of its source, an id of its own, and replaces nothing unasked', async (t) => {
  const rest = await startRest(t)
  const put = await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'hello' })
  const copy = (json: object) =>
    rest.call('POST', `/v1/files/${String(put.json['id'])}/copy`, { json })
  const copied = await copy({ path: 'acme/b/a.txt' })
  assert.equal(copied.status, 201)
  assert.notEqual(copied.json['id'], put.json['id'])
  assert.equal(copied.json['etag'], put.json['etag'])
  assert.equal((await copy({ path: 'acme/b/a.txt' })).json['code'], 'file-exists')
  assert.equal((await copy({ path: 'acme/b/a.txt', overwrite: true })).status, 201)
  const reader = await rest.createKey({ actions: ['read'] })
  const refused = await rest.call('POST', `/v1/files/${String(put.json['id'])}/copy`, {
    key: reader,
    json: { path: 'acme/c.txt' },
  })
  assert.equal(refused.status, 403)
})

test('a folder is listed by how names begin', async (t) => {
  const rest = await startRest(t)
  for (const name of ['ab', 'abc', 'b', 'abd/x']) {
    await rest.call('PUT', `/v1/files?path=acme/in/${name}`, { body: 'x' })
  }
  const { json } = await rest.call('GET', '/v1/files?folder=acme/in&startsWith=ab')
  assert.deepEqual(
    (json['files'] as { name: string }[]).map(({ name }) => name),
    ['ab', 'abc'],
  )
  assert.deepEqual(json['folders'], ['acme/in/abd/'])
})

test('a proxy that is not believed is seen as one', async (t) => {
  const rest = await startRest(t)
  const { json } = await rest.call('GET', '/v1/connection', {
    headers: { 'x-forwarded-for': '203.0.113.7' },
  })
  assert.deepEqual(json['forwardedBy'], ['x-forwarded-for'])
  assert.equal(json['address'], json['peer'])
  assert.equal(json['reach'], 'network')
})
