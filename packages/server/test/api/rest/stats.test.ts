import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countFiles } from '../../../src/core/stats/count-files.ts'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

type Stats = Readonly<Record<string, Readonly<Record<string, unknown>>>>

async function statsOf(rest: RestHarness, query = '', key = rest.adminKey): Promise<Stats> {
  const { status, json, text } = await rest.call('GET', `/v1/stats${query}`, { key })
  assert.equal(status, 200, text)
  return json as Stats
}

async function fill(rest: RestHarness): Promise<void> {
  await rest.core.catalog.buckets.update('acme', { versioning: 'enabled' }, null)
  await rest.call('PUT', '/v1/buckets/other')
  await rest.call('PUT', '/v1/files?path=acme/in/a.txt', { body: 'four' })
  await rest.call('PUT', '/v1/files?path=acme/in/a.txt', { body: 'now six' })
  await rest.call('PUT', '/v1/files?path=acme/b.txt', { body: 'x' })
  await rest.call('PUT', '/v1/files?path=other/c.txt', { body: 'yy' })
  const json = { path: 'acme/part.bin', size: 40_000_000, methods: ['multipart'] }
  await rest.call('POST', '/v1/uploads', { json })
}

async function issue(rest: RestHarness, path: string): Promise<string> {
  return String((await rest.call('POST', '/v1/links', { json: { path } })).json['id'])
}

test('what is there is counted, of the instance and of a bucket', async (t) => {
  const rest = await startRest(t)
  await fill(rest)
  const all = await statsOf(rest)
  assert.deepEqual(all['buckets'], { count: 2, isPartial: false })
  assert.deepEqual(all['files'], { count: 3, bytes: 10, isPartial: false })
  assert.deepEqual(all['versions'], { count: 1, bytes: 4, isPartial: false })
  assert.equal(all['uploads']?.['count'], 1)
  assert.equal(all['mounted'], 0)
  const { version, catalog, blobs, oldestSigningKeyAt } = all['server'] ?? {}
  assert.deepEqual([version, catalog, blobs], ['9.9.9', 'sqlite', 'disk'])
  assert.match(String(oldestSigningKeyAt), /^2026-03-14T/)
  const other = await statsOf(rest, '?bucket=other')
  assert.deepEqual(other['files'], { count: 1, bytes: 2, isPartial: false })
  assert.deepEqual(other['versions'], { count: 0, bytes: 0, isPartial: false })
  assert.equal(other['uploads']?.['count'], 0)
  const none = await rest.call('GET', '/v1/stats?bucket=none')
  assert.equal(none.json['code'], 'bucket-not-found')
})

test('a deleted file is none, and what lies behind its mark is a version', async (t) => {
  const rest = await startRest(t)
  await fill(rest)
  const { id } = (await rest.call('GET', '/v1/files?path=acme/in/a.txt')).json
  await rest.call('DELETE', `/v1/files/${String(id)}`)
  const stats = await statsOf(rest, '?bucket=acme')
  assert.deepEqual(stats['files'], { count: 1, bytes: 1, isPartial: false })
  assert.deepEqual(stats['versions'], { count: 2, bytes: 11, isPartial: false })
})

test('links and shares are counted by what became of them, and a day by what happened', async (t) => {
  const rest = await startRest(t)
  await fill(rest)
  await issue(rest, 'acme/b.txt')
  const paused = await issue(rest, 'acme/b.txt')
  const revoked = await issue(rest, 'acme/b.txt')
  await issue(rest, 'other/c.txt')
  await rest.call('POST', `/v1/links/${paused}/pause`)
  await rest.call('DELETE', `/v1/links/${revoked}`)
  await rest.call('POST', '/v1/shares', { json: { path: 'acme/b.txt' } })
  const before = await statsOf(rest)
  assert.deepEqual([before['links']?.['paused'], before['links']?.['ended']], [1, 1])
  assert.equal(before['shares']?.['active'], 1)
  // A sweep is written into no record.
  await rest.call('POST', '/v1/revocations', { json: { folder: 'other' } })
  const swept = await statsOf(rest, '?bucket=other')
  assert.deepEqual([swept['links']?.['active'], swept['links']?.['ended']], [0, 1])
  await rest.call('GET', '/v1/files/none')
  await rest.core.events.flush()
  const { kinds, codes } = (await statsOf(rest))['events'] as {
    kinds: { kind: string; count: number }[]
    codes: { code: string; count: number }[]
  }
  assert.equal(kinds.find(({ kind }) => kind === 'link.paused')?.count, 1)
  assert.equal(codes.find(({ code }) => code === 'file-not-found')?.count, 1)
  rest.core.clock.advance(25 * 3_600_000)
  const later = (await statsOf(rest))['events']
  assert.deepEqual([later?.['kinds'], later?.['codes']], [[], []])
})

test('what waits and what looked wrong is counted, each within the reach of the key', async (t) => {
  const rest = await startRest(t)
  await fill(rest)
  await rest.call('PUT', '/v1/folders/acme/held/policy', { json: { policy: { quarantine: [] } } })
  await rest.call('PUT', '/v1/files?path=acme/held/x', { body: 'x' })
  assert.equal((await statsOf(rest))['held']?.['count'], 1)
  const key = await rest.createKey({ actions: ['admin'], pathPrefix: 'acme/in/' })
  const own = await statsOf(rest, '', key)
  assert.deepEqual(own['files'], { count: 1, bytes: 7, isPartial: false })
  assert.equal(own['held']?.['count'], 0)
  assert.equal(own['server'], null)
  assert.deepEqual((await statsOf(rest, '?bucket=acme', key))['files'], own['files'])
  assert.equal((await rest.call('GET', '/v1/stats?bucket=other', { key })).status, 403)
  assert.equal((await rest.call('GET', '/v1/stats?bucket=none', { key })).status, 403)
  const early = await rest.createKey({ actions: ['admin'], pathPrefix: 'not-yet/' })
  assert.equal((await statsOf(rest, '', early))['files']?.['count'], 0)
  const reader = await rest.createKey({ actions: ['read', 'list', 'share'] })
  assert.equal((await rest.call('GET', '/v1/stats', { key: reader })).status, 403)
  assert.equal((await rest.call('GET', '/v1/stats', { key: null })).status, 401)
})

test('small buckets are all counted, however many there are, and a large one as far as the bound', async (t) => {
  const rest = await startRest(t)
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((name) => `b-${name}`)
  for (const name of names) {
    await rest.call('PUT', `/v1/buckets/${name}`)
    await rest.call('PUT', `/v1/files?path=${name}/a.txt`, { body: 'xx' })
  }
  assert.deepEqual((await statsOf(rest))['files'], { count: 7, bytes: 14, isPartial: false })
  for (const key of ['b', 'c', 'd']) {
    await rest.call('PUT', `/v1/files?path=b-one/${key}.txt`, { body: 'xx' })
  }
  const countOf = (bucket: string, most: number): ReturnType<typeof countFiles> =>
    countFiles(rest.core, [{ bucket, prefix: '' }], { most })
  const cut = await countOf('b-one', 3)
  assert.deepEqual(cut.files, { count: 3, bytes: 6, isPartial: true })
  const whole = await countOf('b-one', 4)
  assert.deepEqual(whole.files, { count: 4, bytes: 8, isPartial: false })
})

test('past its bound a figure says that there is more', async (t) => {
  const rest = await startRest(t)
  const createdAt = rest.core.clock.now()
  for (let index = 0; index < 101; index += 1) {
    const name = `bucket-${String(index).padStart(3, '0')}`
    await rest.core.catalog.buckets.create(
      { name, createdAt, versioning: 'off', settings: {} },
      null,
    )
  }
  const stats = await statsOf(rest)
  assert.deepEqual(stats['buckets'], { count: 102, isPartial: true })
  assert.equal(stats['files']?.['isPartial'], true)
})
