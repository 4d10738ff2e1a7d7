import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'

test('a link is issued, seen, and revoked; its URL is shown once', async (t) => {
  const rest = await startRest(t)
  const put = await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const issued = await rest.call('POST', '/v1/links', {
    json: {
      fileId: put.json['id'],
      expiresIn: 60,
      filename: 'Übersicht.txt',
      reason: 'asked for',
      maxUses: 2,
      ip: '203.0.113.0/24',
    },
  })
  assert.equal(issued.status, 201)
  const url = new URL(String(issued.json['url']))
  assert.equal(url.origin, 'http://files.test:8787')
  assert.equal(url.searchParams.get('X-Amz-Expires'), '60')
  assert.equal(url.searchParams.get('X-Hallpass-Ip'), '203.0.113.0/24')
  assert.equal(url.searchParams.get('X-Hallpass-Link'), issued.json['id'])
  assert.match(
    String(url.searchParams.get('response-content-disposition')),
    /filename\*=UTF-8''%C3%9Cbersicht\.txt/,
  )
  assert.equal(issued.json['method'], 'GET')
  assert.equal(issued.json['expiresAt'], '2026-03-14T09:27:53.000Z')

  const id = String(issued.json['id'])
  const seen = await rest.call('GET', `/v1/links/${id}`)
  assert.equal(seen.json['reason'], 'asked for')
  assert.equal(seen.json['maxUses'], 2)
  assert.equal(seen.json['path'], 'acme/a.txt')
  assert.equal(seen.json['revokedAt'], null)
  assert.ok(!seen.text.includes('X-Amz-Signature'), 'the URL is shown again')

  assert.equal((await rest.call('DELETE', `/v1/links/${id}`)).status, 204)
  assert.equal((await rest.call('DELETE', `/v1/links/${id}`)).status, 204)
  const dead = await rest.call('GET', `/v1/links/${id}`)
  assert.equal(dead.json['revokedAt'], '2026-03-14T09:26:53.000Z')
  assert.equal((await rest.call('GET', '/v1/links/link_none')).json['code'], 'link-not-found')
})

test('an upload link says which headers must be sent', async (t) => {
  const rest = await startRest(t)
  const issued = await rest.call('POST', '/v1/links', {
    json: { path: 'acme/new.png', method: 'PUT', contentType: 'image/png', maxBytes: 100 },
  })
  assert.equal(issued.status, 201)
  assert.deepEqual(issued.json['headers'], { 'content-type': 'image/png' })
  assert.equal(new URL(String(issued.json['url'])).searchParams.get('X-Amz-Expires'), '900')
})

test('links list newest first, page by page', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const { json } = await rest.call('POST', '/v1/links', { json: { path: 'acme/a.txt' } })
    ids.unshift(String(json['id']))
    rest.core.clock.advance(1000)
  }
  const first = await rest.call('GET', '/v1/links?limit=2')
  const second = await rest.call(
    'GET',
    `/v1/links?limit=2&cursor=${String(first.json['nextCursor'])}`,
  )
  const seen = [first, second].flatMap(({ json }) =>
    (json['links'] as { id: string }[]).map(({ id }) => id),
  )
  assert.deepEqual(seen, ids)
  assert.equal(second.json['nextCursor'], null)
})

test('links before a moment are revoked by file, folder, key and instance', async (t) => {
  const rest = await startRest(t)
  for (const json of [
    { file: 'acme/a.txt' },
    { folder: 'acme/x' },
    { key: rest.core.signingKeyId },
    { all: true },
  ]) {
    const answer = await rest.call('POST', '/v1/revocations', { json })
    assert.equal(answer.status, 201, answer.text)
    // A moment after what was issued within this very millisecond.
    assert.equal(answer.json['notBefore'], '2026-03-14T09:26:53.001Z')
    assert.equal(answer.json['foreignNotBefore'], '2026-03-14T09:27:53.001Z')
  }
  const { revocations } = (await rest.core.keyRing.refresh()).snapshot
  assert.deepEqual(revocations.map(({ scope }) => scope).toSorted(), [
    '',
    'file:acme/a.txt',
    'folder:acme/x/',
    `key:${rest.core.signingKeyId}`,
  ])
})

test('a key is shown once and never has more rights than its maker', async (t) => {
  const rest = await startRest(t)
  const made = await rest.call('POST', '/v1/api-keys', {
    json: {
      name: 'reports',
      actions: ['read', 'list'],
      pathPrefix: 'acme/reports',
      expiresAt: '2027-01-01T00:00:00+01:00',
    },
  })
  assert.equal(made.status, 201)
  assert.match(String(made.json['key']), /^hp_[A-Za-z0-9]{40}$/)
  assert.equal(made.json['pathPrefix'], 'acme/reports/')
  assert.equal(made.json['expiresAt'], '2026-12-31T23:00:00.000Z')
  const listed = await rest.call('GET', '/v1/api-keys')
  assert.ok(!listed.text.includes(String(made.json['key'])), 'the secret is shown again')
  assert.ok(!/secretHash|sealedSecret/.test(listed.text))

  const narrow = await rest.createKey({ actions: ['admin', 'read'] })
  const wider = await rest.call('POST', '/v1/api-keys', {
    key: narrow,
    json: { name: 'n', actions: ['write'] },
  })
  assert.equal(wider.status, 403)
})

test('an S3 key pair is shown once, and each collection revokes only its own keys', async (t) => {
  const rest = await startRest(t)
  const pair = await rest.call('POST', '/v1/access-keys', {
    json: { name: 'ci', actions: ['read', 'write'], maxExpiresIn: 3600, mayPresignDelete: true },
  })
  assert.equal(pair.status, 201)
  assert.match(String(pair.json['id']), /^HP[A-Z2-7]{18}$/)
  assert.equal(String(pair.json['secretAccessKey']).length, 40)
  const listed = await rest.call('GET', '/v1/access-keys')
  assert.ok(!listed.text.includes(String(pair.json['secretAccessKey'])))
  const own = (listed.json['accessKeys'] as { id: string }[]).find(
    ({ id }) => id === pair.json['id'],
  )
  assert.equal((own as Record<string, unknown>)['maxExpiresIn'], 3600)

  const signing = await rest.call('GET', '/v1/signing-keys')
  const [key] = signing.json['signingKeys'] as { id: string }[]
  assert.ok(!listed.text.includes(String(key?.id)), 'signing keys are not access keys')
  assert.equal((await rest.call('DELETE', `/v1/access-keys/${String(key?.id)}`)).status, 404)
  assert.equal((await rest.call('DELETE', `/v1/api-keys/${String(pair.json['id'])}`)).status, 404)
  assert.equal(
    (await rest.call('DELETE', `/v1/access-keys/${String(pair.json['id'])}`)).status,
    204,
  )
})

test('rotation makes a new signing key active and keeps the old one for verifying', async (t) => {
  const rest = await startRest(t)
  rest.core.clock.advance(1000)
  const rotated = await rest.call('POST', '/v1/signing-keys/rotate')
  assert.equal(rotated.status, 201)
  const { json } = await rest.call('GET', '/v1/signing-keys')
  const keys = json['signingKeys'] as { id: string; state: string }[]
  const states = new Map(keys.map(({ id, state }) => [id, state]))
  assert.equal(states.get(String(rotated.json['id'])), 'active')
  assert.deepEqual([...states.values()].toSorted(), ['active', 'retiring'])
  const [old] = keys.filter(({ state }) => state === 'retiring')
  assert.equal((await rest.call('DELETE', `/v1/signing-keys/${String(old?.id)}`)).status, 204)
  const after = (await rest.call('GET', '/v1/signing-keys')).json['signingKeys'] as typeof keys
  assert.equal(after.find(({ id }) => id === old?.id)?.state, 'retired')
})
