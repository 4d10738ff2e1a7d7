import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../../support/rest.ts'
import type { RestAnswer, RestHarness } from '../../../support/rest.ts'

interface Listed {
  readonly version: string
  readonly isLatest: boolean
  readonly isDeleted: boolean
  readonly size: number | null
}

/** A bucket that keeps versions, and a file with one version a text. */
async function keep(rest: RestHarness, ...texts: string[]): Promise<string> {
  await rest.core.catalog.buckets.update('acme', { versioning: 'enabled' }, null)
  let id = ''
  for (const text of texts) id = String((await put(rest, text)).json['id'])
  return id
}

function put(rest: RestHarness, text: string, path = 'acme/a.txt'): Promise<RestAnswer> {
  return rest.call('PUT', `/v1/files?path=${path}`, { body: text })
}

async function list(rest: RestHarness, id: string, query = ''): Promise<readonly Listed[]> {
  const { json } = await rest.call('GET', `/v1/files/${id}/versions${query}`)
  return json['versions'] as Listed[]
}

function restore(rest: RestHarness, id: string, body: object = {}): Promise<RestAnswer> {
  return rest.call('POST', `/v1/files/${id}/restore`, { json: body })
}

async function sizeNow(rest: RestHarness): Promise<number | undefined> {
  return (await rest.core.files.find({ bucket: 'acme', key: 'a.txt' }))?.size
}

test('the versions of a file are listed page by page, and those of longer names are not', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x', 'xx', 'xxx')
  await put(rest, 'other', 'acme/a.txt2')
  const seen: (number | null)[] = []
  let query = '?limit=2'
  for (;;) {
    const { json } = await rest.call('GET', `/v1/files/${id}/versions${query}`)
    for (const { size } of json['versions'] as Listed[]) seen.push(size)
    const cursor = json['nextCursor']
    if (typeof cursor !== 'string') break
    query = `?limit=2&cursor=${cursor}`
  }
  assert.deepEqual(seen, [3, 2, 1])
})

test('a deleted file comes back under its id, however often it was deleted', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x', 'xx')
  await rest.call('DELETE', `/v1/files/${id}`)
  assert.equal((await rest.call('GET', `/v1/files/${id}`)).status, 404)
  const [marker, latest] = await list(rest, id)
  assert.deepEqual([marker?.isDeleted, marker?.isLatest, latest?.size], [true, true, 2])
  await rest.core.files.remove({
    path: { bucket: 'acme', key: 'a.txt' },
    versionId: null,
    conditions: () => Promise.resolve({ epoch: null }),
  })
  const back = await restore(rest, id)
  assert.deepEqual([back.status, back.json['id'], back.json['size']], [200, id, 2])
  assert.equal((await rest.call('GET', `/v1/files/${id}`)).status, 200)
})

test('the undoing of a delete can be repeated: what is there again stays as it is', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x', 'xx')
  await rest.call('DELETE', `/v1/files/${id}`)
  assert.equal((await restore(rest, id, { ifDeleted: true })).json['size'], 2)
  await put(rest, 'xxx')
  const again = await restore(rest, id, { ifDeleted: true })
  assert.deepEqual([again.status, again.json['id'], again.json['size']], [200, id, 3])
  assert.equal((await list(rest, id)).length, 3)
})

test('a change is undone, or the version named made current, as a version of its own', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x', 'xx', 'xxx')
  const [, , first] = await list(rest, id)
  assert.equal((await restore(rest, id)).json['size'], 2)
  assert.equal((await restore(rest, id, { version: first?.version })).json['size'], 1)
  assert.equal(await sizeNow(rest), 1)
  assert.deepEqual(
    (await list(rest, id)).map(({ size }) => size),
    [1, 2, 3, 2, 1],
  )
  assert.equal((await restore(rest, id, { version: 'none' })).json['code'], 'version-not-found')
  await rest.call('DELETE', `/v1/files/${id}`)
  const [marker] = await list(rest, id)
  assert.equal(
    (await restore(rest, id, { version: marker?.version })).json['code'],
    'version-deleted',
  )
  assert.equal((await restore(rest, id, { version: first?.version })).json['size'], 1)
})

test('what has no version behind it says so, and keys need both rights', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x')
  const alone = await restore(rest, id)
  assert.deepEqual([alone.status, alone.json['field']], [400, 'version'])
  const writer = await rest.createKey({ actions: ['write'] })
  const body = { json: {}, key: writer }
  assert.equal((await rest.call('POST', `/v1/files/${id}/restore`, body)).status, 403)
})

test('a bucket is told to keep versions, and to keep no more, by whoever administers it', async (t) => {
  const rest = await startRest(t)
  const change = (json: object, key?: string): Promise<RestAnswer> =>
    rest.call('PATCH', '/v1/buckets/acme', { json, ...(key !== undefined && { key }) })
  await put(rest, 'lost')
  assert.equal((await change({ versioning: 'enabled' })).json['versioning'], 'enabled')
  const file = await put(rest, 'first')
  await put(rest, 'second')
  const id = String(file.json['id'])
  assert.deepEqual(
    (await list(rest, id)).map(({ size }) => size),
    ['second', 'first', 'lost'].map(({ length }) => length),
  )
  assert.equal((await change({ versioning: 'suspended' })).json['versioning'], 'suspended')
  await put(rest, 'third')
  assert.deepEqual((await list(rest, id)).length, 3)
  for (const wrong of [{}, { versioning: 'off' }, { versioning: 'enabled', more: 1 }]) {
    assert.equal((await change(wrong)).status, 400)
  }
  const writer = await rest.createKey({ actions: ['read', 'write', 'delete', 'list'] })
  assert.equal((await change({ versioning: 'enabled' }, writer)).status, 403)
  const missing = await rest.call('PATCH', '/v1/buckets/nope', { json: { versioning: 'enabled' } })
  assert.equal(missing.json['code'], 'bucket-not-found')
})

test('a version is deleted for good, and what lies behind it is current again', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x', 'xx', 'xxx')
  const purge = (version: string | undefined, key?: string): Promise<RestAnswer> =>
    rest.call('DELETE', `/v1/files/${id}/versions/${version}`, key === undefined ? {} : { key })
  const [latest, middle] = await list(rest, id)
  const writer = await rest.createKey({ actions: ['read', 'write', 'list'] })
  assert.equal((await purge(middle?.version, writer)).status, 403)
  assert.equal((await purge(middle?.version)).status, 204)
  assert.equal((await purge(middle?.version)).json['code'], 'version-not-found')
  assert.equal(await sizeNow(rest), 3)
  assert.equal((await purge(latest?.version)).status, 204)
  assert.equal(await sizeNow(rest), 1)
  await rest.call('DELETE', `/v1/files/${id}`)
  const [marker] = await list(rest, id)
  assert.equal((await purge(marker?.version)).status, 204)
  assert.equal(await sizeNow(rest), 1)
  assert.equal(
    (await restore(rest, id, { version: middle?.version })).json['code'],
    'version-not-found',
  )
})

test('bringing a file back needs no body', async (t) => {
  const rest = await startRest(t)
  const id = await keep(rest, 'x', 'xx')
  assert.equal((await rest.call('POST', `/v1/files/${id}/restore`)).status, 200)
  assert.equal(await sizeNow(rest), 1)
})
