import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../../src/platform/log.ts'
import { storeFull } from '../../../src/platform/store-errors.ts'
import { startRest } from '../../support/rest.ts'

test('a file is found by its path', async (t) => {
  const rest = await startRest(t)
  const put = await rest.call('PUT', '/v1/files?path=acme/in/a%20b.txt', { body: 'x' })
  const found = await rest.call('GET', '/v1/files?path=acme/in/a%20b.txt')
  assert.equal(found.status, 200)
  assert.equal(found.json['id'], put.json['id'])
  assert.match(String(found.json['signedUrl']), /X-Amz-Signature=/)
  const none = await rest.call('GET', '/v1/files?path=acme/none.txt')
  assert.equal(none.json['code'], 'file-not-found')
  const foreign = await rest.createKey({ actions: ['read'], pathPrefix: 'other/' })
  for (const path of ['acme/in/a%20b.txt', 'acme/none.txt']) {
    assert.equal((await rest.call('GET', `/v1/files?path=${path}`, { key: foreign })).status, 403)
  }
  for (const query of ['', '?path=acme/a&folder=acme', '?path=acme/a&limit=5']) {
    const answer = await rest.call('GET', `/v1/files${query}`)
    assert.equal(answer.status, 400, query)
    assert.equal(answer.json['field'], 'folder')
  }
})

test('an upload answers the id of its file, and takes its type from the ending of its name', async (t) => {
  const rest = await startRest(t)
  const typeOf = async (name: string, type?: string): Promise<unknown> => {
    const answer = await rest.call('PUT', `/v1/files?path=acme/${name}`, {
      body: new Uint8Array([1]),
      headers: type === undefined ? {} : { 'content-type': type },
    })
    assert.equal(answer.headers.get('x-hallpass-file-id'), answer.json['id'])
    return answer.json['contentType']
  }
  assert.equal(await typeOf('photo.PNG'), 'image/png')
  assert.equal(await typeOf('page.html'), 'text/html')
  assert.equal(await typeOf('report.v2.pdf'), 'application/pdf')
  assert.equal(await typeOf('noending'), 'application/octet-stream')
  assert.equal(await typeOf('x.unknownending'), 'application/octet-stream')
  assert.equal(await typeOf('photo.png', 'text/plain'), 'text/plain')
  const broken = await rest.call('PUT', '/v1/files?path=acme/x.png', {
    body: new Uint8Array([1]),
    headers: { 'content-type': 'image/png;, text/html' },
  })
  assert.equal(broken.status, 400)
})

test('buckets are made, seen, listed and removed', async (t) => {
  const rest = await startRest(t)
  const made = await rest.call('PUT', '/v1/buckets/new-bucket')
  assert.equal(made.status, 201)
  const createdAt = '2026-03-14T09:26:53.000Z'
  assert.deepEqual(made.json, { name: 'new-bucket', createdAt, versioning: 'off' })
  assert.equal((await rest.call('PUT', '/v1/buckets/new-bucket')).status, 200)
  assert.equal((await rest.call('GET', '/v1/buckets/new-bucket')).json['name'], 'new-bucket')
  const { json } = await rest.call('GET', '/v1/buckets')
  assert.deepEqual(
    (json['buckets'] as { name: string }[]).map(({ name }) => name),
    ['acme', 'new-bucket'],
  )
  assert.equal((await rest.call('DELETE', '/v1/buckets/new-bucket')).status, 204)
  assert.equal((await rest.call('GET', '/v1/buckets/new-bucket')).json['code'], 'bucket-not-found')
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  assert.equal((await rest.call('DELETE', '/v1/buckets/acme')).json['code'], 'bucket-not-empty')
  assert.equal((await rest.call('PUT', '/v1/buckets/Not_One')).json['code'], 'bucket-name-invalid')
})

test('a key for a folder sees its own bucket, and makes none', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/buckets/other')
  const key = await rest.createKey({ actions: ['list', 'write'], pathPrefix: 'acme/in/' })
  const { json } = await rest.call('GET', '/v1/buckets', { key })
  assert.deepEqual(
    (json['buckets'] as { name: string }[]).map(({ name }) => name),
    ['acme'],
  )
  assert.equal((await rest.call('PUT', '/v1/buckets/third', { key })).status, 403)
  assert.equal((await rest.call('DELETE', '/v1/buckets/other', { key })).status, 403)
})

test('an upload that is refused leaves no bucket behind', async (t) => {
  const rest = await startRest(t)
  const refusals = [
    { headers: { 'if-match': '"0123456789abcdef0123456789abcdef"' }, status: 412 },
    { headers: { 'content-type': 'image/png;, text/html' }, status: 400 },
    { headers: { 'if-none-match': 'x' }, status: 400 },
  ]
  for (const { headers, status } of refusals) {
    const answer = await rest.call('PUT', '/v1/files?path=fresh/a.txt', { body: 'x', headers })
    assert.equal(answer.status, status, answer.text)
  }
  const { json } = await rest.call('GET', '/v1/buckets')
  assert.deepEqual(
    (json['buckets'] as { name: string }[]).map(({ name }) => name),
    ['acme'],
  )
})

test('a full storage is told apart from one that is away', async (t) => {
  const rest = await startRest(t)
  Object.assign(rest.core.files, {
    write: () => Promise.reject(storeFull('no space left on /data')),
  })
  const answer = await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  assert.equal(answer.status, 507)
  assert.equal(answer.json['code'], 'storage-full')
  assert.ok(!answer.text.includes('/data'))
})

test('the line of a refusal has its code, the id that the address names, and the agent', async (t) => {
  let text = ''
  const rest = await startRest(t, () => ({
    log: createLog('info', { write: (line) => void (text += line) }),
  }))
  await rest.call('GET', '/v1/links/link_0123456789', { headers: { 'user-agent': 'curl/8.5.0' } })
  const line = text
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => JSON.parse(one) as Record<string, unknown>)
    .find(({ operation }) => operation === 'getLink')
  assert.equal(line?.['code'], 'link-not-found')
  assert.equal(line?.['target'], 'link_0123456789')
  assert.equal(line?.['agent'], 'curl/8.5.0')
})
