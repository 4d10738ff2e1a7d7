import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { openUrl } from '../../support/presigned.ts'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

interface Made {
  readonly id: string
  readonly key: string
}

async function makeKey(rest: RestHarness, maker: string, json: object = {}): Promise<Made> {
  const scope = { name: 'n', actions: ['read', 'share', 'list', 'admin'], ...json }
  const answer = await rest.call('POST', '/v1/api-keys', { key: maker, json: scope })
  assert.equal(answer.status, 201, answer.text)
  return { id: String(answer.json['id']), key: String(answer.json['key']) }
}

test('a key learns what it may do, and nothing of others', async (t) => {
  const rest = await startRest(t)
  const { id, key } = await makeKey(rest, rest.adminKey, {
    name: 'reports',
    actions: ['read'],
    pathPrefix: 'acme/reports',
    expiresAt: '2027-01-01T00:00:00Z',
  })
  const me = await rest.call('GET', '/v1/me', { key })
  assert.equal(me.status, 200)
  assert.deepEqual(
    [
      me.json['id'],
      me.json['name'],
      me.json['actions'],
      me.json['pathPrefix'],
      me.json['expiresAt'],
    ],
    [id, 'reports', ['read'], 'acme/reports/', '2027-01-01T00:00:00.000Z'],
  )
  assert.ok(!me.text.includes(key))
  assert.equal((await rest.call('GET', '/v1/me', { key: null })).status, 401)
})

test('a key of the API says to the minute when it was used last', async (t) => {
  const rest = await startRest(t)
  const { core } = rest
  const { id, key } = await makeKey(rest, rest.adminKey)
  const lastUse = async (): Promise<unknown> => {
    await core.keyUses.flush()
    const { json } = await rest.call('GET', '/v1/api-keys', { key: rest.adminKey })
    const keys = json['apiKeys'] as { id: string; lastUsedAt: unknown }[]
    return keys.find((listed) => listed.id === id)?.lastUsedAt
  }
  assert.equal(await lastUse(), null)
  assert.equal((await rest.call('GET', '/v1/me', { key: `${key}x` })).status, 401)
  assert.equal(await lastUse(), null)
  assert.equal((await rest.call('GET', '/v1/me', { key })).status, 200)
  assert.equal(await lastUse(), new Date(core.clock.now()).toISOString())
})

test('a key takes what it made with it, if that is wanted, and shows it before', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const parent = await makeKey(rest, rest.adminKey)
  const child = await makeKey(rest, parent.key)
  const grandchild = await makeKey(rest, child.key, { actions: ['read'] })
  const pair = await rest.call('POST', '/v1/access-keys', {
    key: child.key,
    json: { name: 's3', actions: ['read'] },
  })
  const link = await rest.call('POST', '/v1/links', {
    key: child.key,
    json: { path: 'acme/a.txt' },
  })
  const stranger = await makeKey(rest, rest.adminKey)

  const shown = await rest.call('GET', `/v1/api-keys/${parent.id}/descendants`)
  const descendants = shown.json['descendants'] as { id: string; kind: string }[]
  assert.deepEqual(
    descendants.map(({ id }) => id).toSorted(),
    [child.id, grandchild.id, String(pair.json['id'])].toSorted(),
  )
  assert.deepEqual(new Set(descendants.map(({ kind }) => kind)), new Set(['api-key', 'access-key']))

  const ended = await rest.call('DELETE', `/v1/api-keys/${parent.id}?descendants=true`)
  assert.equal(ended.status, 200)
  assert.equal((ended.json['revoked'] as string[]).length, 4)
  for (const { key } of [parent, child, grandchild]) {
    assert.equal((await rest.call('GET', '/v1/me', { key })).status, 401)
  }
  assert.equal((await rest.call('GET', '/v1/me', { key: stranger.key })).status, 200)
  await assert.rejects(openUrl(rest.core, [String(link.json['url']), 'a.txt']), {
    code: 'link-revoked',
  })
})

test('a key that is revoked alone leaves what it made', async (t) => {
  const rest = await startRest(t)
  const parent = await makeKey(rest, rest.adminKey)
  const child = await makeKey(rest, parent.key)
  assert.equal((await rest.call('DELETE', `/v1/api-keys/${parent.id}`)).status, 204)
  assert.equal((await rest.call('GET', '/v1/me', { key: child.key })).status, 200)
})

test('no key outlives the one that made it', async (t) => {
  const rest = await startRest(t)
  const parent = await makeKey(rest, rest.adminKey, { expiresAt: '2026-04-01T00:00:00Z' })
  const child = await rest.call('POST', '/v1/api-keys', {
    key: parent.key,
    json: { name: 'n', actions: ['read'] },
  })
  assert.equal(child.json['expiresAt'], '2026-04-01T00:00:00.000Z')
  for (const path of ['/v1/api-keys', '/v1/access-keys']) {
    const later = await rest.call('POST', path, {
      key: parent.key,
      json: { name: 'n', actions: ['read'], expiresAt: '2026-04-02T00:00:00Z' },
    })
    assert.equal(later.status, 403, path)
  }
})

/** Sends the first bytes of a JSON body, then the rest when something has happened; resolves to the status. */
async function sendAround(
  rest: RestHarness,
  [path, key]: readonly [string, string],
  json: object,
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  const text = JSON.stringify(json)
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': text.length,
  }
  const sending = request(rest.url + path, { method: 'POST', headers })
  const answered = once(sending, 'response')
  sending.write(text.slice(0, 5))
  // While another request is answered, this one is let in.
  await rest.call('GET', '/-/healthz')
  await meanwhile()
  sending.end(text.slice(5))
  const [answer] = (await answered) as [IncomingMessage]
  answer.resume()
  return answer.statusCode ?? 0
}

test('a key that ends while its request arrives makes no other', async (t) => {
  const rest = await startRest(t)
  const json = { name: 'n', actions: ['read', 'admin'] }
  for (const path of ['/v1/api-keys', '/v1/access-keys']) {
    const revoked = await makeKey(rest, rest.adminKey)
    const revoke = () => rest.call('DELETE', `/v1/api-keys/${revoked.id}?descendants=true`)
    assert.equal(await sendAround(rest, [path, revoked.key], json, revoke), 401, path)
    const expiresAt = new Date(rest.core.clock.now() + 5000).toISOString()
    const short = await makeKey(rest, rest.adminKey, { expiresAt })
    const runOut = async () => rest.core.clock.advance(5000)
    assert.equal(await sendAround(rest, [path, short.key], json, runOut), 401, path)
  }
  const { apiKeys, accessKeys } = await rest.core.catalog.keys.snapshot()
  assert.equal([...apiKeys, ...accessKeys].filter(({ name }) => name === 'n').length, 4)
})

test('a signing key that leaked ends at once, with every link it signed', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const json = { path: 'acme/a.txt' }
  const before = await rest.call('POST', '/v1/links', { json })
  const leaked = rest.core.signingKeyId
  assert.equal((await rest.call('DELETE', `/v1/signing-keys/${leaked}`)).status, 204)
  await assert.rejects(openUrl(rest.core, [String(before.json['url']), 'a.txt']))
  const after = await rest.call('POST', '/v1/links', { json })
  assert.equal((await openUrl(rest.core, [String(after.json['url']), 'a.txt'])).file.size, 1)
  const { json: listed } = await rest.call('GET', '/v1/signing-keys')
  const keys = listed['signingKeys'] as { id: string; state: string; revokedAt: string | null }[]
  assert.equal(keys.length, 2)
  assert.notEqual(keys.find(({ id }) => id === leaked)?.revokedAt, null)
  assert.equal((await rest.call('DELETE', `/v1/signing-keys/${leaked}`)).status, 404)
  assert.equal((await rest.call('DELETE', '/v1/signing-keys/HPNONE')).status, 404)
})

test('metrics take a key that may see nothing else', async (t) => {
  const rest = await startRest(t)
  const metrics = await rest.createKey({ actions: ['metrics'] })
  assert.equal((await rest.call('GET', '/-/metrics', { key: metrics })).status, 200)
  assert.equal((await rest.call('GET', '/-/metrics')).status, 200, 'an administrator')
  for (const path of ['/v1/files?folder=acme', '/v1/links', '/v1/buckets', '/v1/api-keys']) {
    assert.equal((await rest.call('GET', path, { key: metrics })).status, 403, path)
  }
  const reader = await rest.createKey({ actions: ['read', 'list', 'share'] })
  assert.equal((await rest.call('GET', '/-/metrics', { key: reader })).status, 403)
  const narrow = await rest.createKey({ actions: ['metrics', 'admin'], pathPrefix: 'acme/' })
  assert.equal((await rest.call('GET', '/-/metrics', { key: narrow })).status, 403)
})
