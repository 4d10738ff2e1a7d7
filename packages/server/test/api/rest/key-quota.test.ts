import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'

test('the quota of a key is changed over REST, and its view and the trail say so', async (t) => {
  const rest = await startRest(t)
  for (const path of ['/v1/api-keys', '/v1/access-keys']) {
    const wanted = { name: 'k', actions: ['write'], quota: { maxTotalBytes: 5 } }
    const id = String((await rest.call('POST', path, { json: wanted })).json['id'])
    const change = async (quota: object) => rest.call('PATCH', `${path}/${id}`, { json: { quota } })
    const more = await change({ maxTotalBytes: 7, maxFiles: 3 })
    assert.deepEqual(more.json['quota'], { keyId: id, maxTotalBytes: 7, maxFiles: 3 })
    const any = await change({ maxTotalBytes: null })
    assert.deepEqual(any.json['quota'], { keyId: id, maxTotalBytes: null, maxFiles: 3 })
    for (const bad of [{}, { maxFiles: -1 }, { maxFiles: 1.5 }, { bytes: 1 }]) {
      const { status, json } = await change(bad)
      assert.deepEqual([status, json['code']], [400, 'field-invalid'], JSON.stringify(bad))
    }
    const { events } = (await rest.call('GET', '/v1/events?kind=key.changed&limit=1')).json
    const [last] = events as { target: string; detail: object }[]
    assert.equal(last?.target, id)
    assert.deepEqual(last?.detail, { maxBytes: null, maxFiles: 3 })
  }
})

test('a key is told how much of its quota is taken, and one without is told of none', async (t) => {
  const rest = await startRest(t)
  const wanted = { name: 'k', actions: ['read', 'write'], quota: { maxTotalBytes: 50 } }
  const made = await rest.call('POST', '/v1/api-keys', { json: wanted })
  const asKey = { key: String(made.json['key']) }
  const used = async (): Promise<unknown> =>
    (await rest.call('GET', '/v1/me', asKey)).json['quotaUsed']
  assert.deepEqual(await used(), { bytes: 0, files: 0 })
  const put = await rest.call('PUT', '/v1/files?path=acme/a.txt', { ...asKey, body: 'hello' })
  assert.ok(put.status < 300, JSON.stringify(put.json))
  assert.deepEqual(await used(), { bytes: 5, files: 1 })
  assert.equal((await rest.call('GET', '/v1/me')).json['quotaUsed'], null)
})
