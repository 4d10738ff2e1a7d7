import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finishUse } from '../../../src/core/links/use-link.ts'
import { openUrl, putUrl } from '../../support/presigned.ts'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

interface LinkView {
  readonly id: string
  readonly status: string
  readonly revokedBy: string | null
}

async function issueOver(rest: RestHarness, json: object): Promise<{ id: string; url: string }> {
  const answer = await rest.call('POST', '/v1/links', { json })
  assert.equal(answer.status, 201, answer.text)
  return { id: String(answer.json['id']), url: String(answer.json['url']) }
}

async function statusOf(rest: RestHarness, id: string): Promise<readonly [string, string | null]> {
  const { json } = await rest.call('GET', `/v1/links/${id}`)
  return [String(json['status']), json['revokedBy'] as string | null]
}

async function listIds(rest: RestHarness, query: string): Promise<string[]> {
  const { json, status, text } = await rest.call('GET', `/v1/links${query}`)
  assert.equal(status, 200, text)
  return (json['links'] as LinkView[]).map(({ id }) => id).toSorted()
}

async function use(rest: RestHarness, url: string, key: string): Promise<void> {
  const { use: begun, file } = await openUrl(rest.core, [url, key])
  if (begun !== null) await finishUse(rest.core, begun, { sentBytes: file.size, arrived: true })
  await rest.core.uses.flush()
}

test('a link’s record says what became of it: by itself, by a sweep, by its file, by its key', async (t) => {
  const rest = await startRest(t)
  const upload = async (path: string): Promise<string> =>
    String((await rest.call('PUT', `/v1/files?path=${path}`, { body: 'x' })).json['id'])
  const ids = { a: await upload('acme/a.txt'), b: await upload('acme/b.txt') }
  await upload('acme/in/c.txt')
  await upload('acme/d.txt')
  const active = await issueOver(rest, { path: 'acme/d.txt' })
  const single = await issueOver(rest, { path: 'acme/d.txt' })
  const once = await issueOver(rest, { path: 'acme/d.txt', maxUses: 1 })
  const deleted = await issueOver(rest, { path: 'acme/a.txt' })
  const moved = await issueOver(rest, { path: 'acme/b.txt' })
  const inFolder = await issueOver(rest, { path: 'acme/in/c.txt' })
  await rest.call('DELETE', `/v1/links/${single.id}`)
  await rest.call('DELETE', `/v1/files/${ids.a}`)
  await rest.call('PATCH', `/v1/files/${ids.b}`, { json: { path: 'acme/b2.txt' } })
  await rest.call('POST', '/v1/revocations', { json: { folder: 'acme/in' } })
  await use(rest, once.url, 'd.txt')

  assert.deepEqual(await statusOf(rest, active.id), ['active', null])
  assert.deepEqual(await statusOf(rest, single.id), ['revoked', 'link'])
  assert.deepEqual(await statusOf(rest, deleted.id), ['revoked', 'delete'])
  assert.deepEqual(await statusOf(rest, moved.id), ['revoked', 'move'])
  assert.deepEqual(await statusOf(rest, inFolder.id), ['revoked', 'folder'])
  assert.deepEqual(await statusOf(rest, once.id), ['used-up', null])

  await rest.call('POST', '/v1/revocations', { json: { file: 'acme/d.txt' } })
  assert.deepEqual(await statusOf(rest, active.id), ['revoked', 'file'])
  rest.core.clock.advance(400_000)
  const late = await issueOver(rest, { path: 'acme/d.txt', expiresIn: 60 })
  rest.core.clock.advance(100_000)
  assert.deepEqual(await statusOf(rest, late.id), ['expired', null])
})

test('uses, bytes and the last use are counted with and without a number of uses', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'hello' })
  const free = await issueOver(rest, { path: 'acme/a.txt' })
  const counted = await issueOver(rest, { path: 'acme/a.txt', maxUses: 3, ip: '203.0.113.0/24' })
  for (const link of [free, counted]) {
    await use(rest, link.url, 'a.txt')
    await use(rest, link.url, 'a.txt')
    const { json } = await rest.call('GET', `/v1/links/${link.id}`)
    assert.equal(json['uses'], 2)
    assert.equal(json['bytes'], 10)
    assert.equal(json['lastUsedAt'], '2026-03-14T09:26:53.000Z')
    assert.equal(json['lastUsedIp'], '203.0.113.9')
  }
  const { json } = await rest.call('GET', `/v1/links/${counted.id}`)
  assert.deepEqual(json['networks'], ['203.0.113.0/24'])
})

test('links are found by path, by status and by the key that issued them', async (t) => {
  const rest = await startRest(t)
  for (const path of ['acme/a.txt', 'acme/in/b.txt', 'acme/in/c.txt']) {
    await rest.call('PUT', `/v1/files?path=${path}`, { body: 'x' })
  }
  const key = await rest.createKey({ actions: ['read', 'share'] })
  const me = await rest.call('GET', '/v1/me', { key })
  const a = await issueOver(rest, { path: 'acme/a.txt' })
  const b = await issueOver(rest, { path: 'acme/in/b.txt' })
  const made = await rest.call('POST', '/v1/links', { key, json: { path: 'acme/in/c.txt' } })
  const c = { id: String(made.json['id']) }
  await rest.call('DELETE', `/v1/links/${b.id}`)

  assert.deepEqual(await listIds(rest, ''), [a.id, b.id, c.id].toSorted())
  assert.deepEqual(await listIds(rest, '?path=acme/a.txt'), [a.id])
  assert.deepEqual(await listIds(rest, '?path=acme/in/'), [b.id, c.id].toSorted())
  assert.deepEqual(await listIds(rest, '?path=acme'), [a.id, b.id, c.id].toSorted())
  assert.deepEqual(await listIds(rest, '?path=acme/in'), [])
  assert.deepEqual(await listIds(rest, '?status=revoked'), [b.id])
  assert.deepEqual(await listIds(rest, '?status=active'), [a.id, c.id].toSorted())
  assert.deepEqual(await listIds(rest, `?key=${String(me.json['id'])}`), [c.id])
  assert.deepEqual(await listIds(rest, `?key=${String(me.json['id'])}&status=expired`), [])
  const wrong = await rest.call('GET', '/v1/links?status=dead')
  assert.equal(wrong.json['field'], 'status')

  // What a sweep ended is not passed off as active.
  await rest.call('POST', '/v1/revocations', { json: { file: 'acme/a.txt' } })
  assert.deepEqual(await listIds(rest, '?status=active'), [c.id])
  assert.deepEqual(await listIds(rest, '?status=revoked'), [a.id, b.id].toSorted())
})

test('a signedUrl is revoked by its linkId, alone', async (t) => {
  const rest = await startRest(t)
  const file = await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'hello' })
  const fetchAgain = async (): Promise<Record<string, unknown>> =>
    (await rest.call('GET', `/v1/files/${String(file.json['id'])}`)).json
  const first = await fetchAgain()
  const second = await fetchAgain()
  assert.notEqual(first['linkId'], second['linkId'])
  assert.deepEqual(await listIds(rest, ''), [], 'nothing is written for it')
  const shown = await rest.call('GET', `/v1/links/${String(first['linkId'])}`)
  assert.equal(shown.json['status'], 'active')
  assert.equal((await rest.call('DELETE', `/v1/links/${String(first['linkId'])}`)).status, 204)
  await assert.rejects(openUrl(rest.core, [String(first['signedUrl']), 'a.txt']), {
    code: 'link-revoked',
  })
  assert.equal((await openUrl(rest.core, [String(second['signedUrl']), 'a.txt'])).file.size, 5)
  assert.deepEqual(await statusOf(rest, String(first['linkId'])), ['revoked', 'link'])
})

test('revocations are listed, and one that was a mistake is taken back', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/in/a.txt', { body: 'hello' })
  const { id, url } = await issueOver(rest, { path: 'acme/in/a.txt' })
  const targets = [
    { file: 'acme/in/none.txt' },
    { folder: 'acme/in' },
    { key: rest.core.signingKeyId },
    { all: true },
  ]
  const made: string[] = []
  for (const json of targets) {
    const answer = await rest.call('POST', '/v1/revocations', { json })
    assert.match(String(answer.json['notice']), /only revoking the key ends that/)
    assert.equal(answer.headers.get('location'), `/v1/revocations/${String(answer.json['id'])}`)
    made.push(String(answer.json['id']))
  }
  const listed: Record<string, unknown>[] = []
  let cursor = ''
  for (let pages = 0; pages < 5; pages += 1) {
    const page = await rest.call('GET', `/v1/revocations?limit=1${cursor}`)
    listed.push(...(page.json['revocations'] as Record<string, unknown>[]))
    const { nextCursor } = page.json
    if (typeof nextCursor !== 'string') break
    cursor = `&cursor=${nextCursor}`
  }
  assert.deepEqual(listed.map((rule) => String(rule['id'])).toSorted(), made.toSorted())
  assert.deepEqual(
    listed.map(({ reach, target }) => [reach, target]),
    [
      ['all', null],
      ['file', 'acme/in/none.txt'],
      ['folder', 'acme/in/'],
      ['key', rest.core.signingKeyId],
    ],
  )
  await assert.rejects(openUrl(rest.core, [url, 'in/a.txt']), { code: 'link-revoked' })
  for (const rule of made) {
    assert.equal((await rest.call('DELETE', `/v1/revocations/${rule}`)).status, 204)
    const again = await rest.call('DELETE', `/v1/revocations/${rule}`)
    assert.equal(again.json['code'], 'revocation-not-found')
  }
  assert.equal((await openUrl(rest.core, [url, 'in/a.txt'])).file.size, 5)
  assert.deepEqual(await statusOf(rest, id), ['active', null])
  for (const none of ['YQ', 'eDp5', 'all']) {
    assert.equal((await rest.call('DELETE', `/v1/revocations/${none}`)).status, 404)
  }
})

test('a revocation is taken back by an administrator, and by who could make it while it is ahead of the clock', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const all = await rest.call('POST', '/v1/revocations', { json: { all: true } })
  const file = await rest.call('POST', '/v1/revocations', { json: { file: 'acme/a.txt' } })
  const key = await rest.createKey({ actions: ['share', 'read'], pathPrefix: 'acme/' })
  const undo = async (id: unknown): Promise<number> =>
    (await rest.call('DELETE', `/v1/revocations/${String(id)}`, { key })).status
  assert.equal(await undo(all.json['id']), 403)
  // It may be somebody else's sweep, and it did what it was for.
  assert.equal(await undo(file.json['id']), 403)
  rest.core.clock.advance(-60_000)
  assert.equal(await undo(file.json['id']), 204)
  assert.equal((await rest.call('GET', '/v1/revocations', { key })).status, 403)
})

test('many links are issued at once, in order, and all or none', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const links = [
    { path: 'acme/a.txt', expiresIn: 60 },
    { path: 'acme/b.txt', method: 'PUT', maxBytes: 5 },
    { path: 'acme/a.txt', filename: 'c.txt' },
  ]
  const answer = await rest.call('POST', '/v1/links/batch', { json: { links } })
  assert.equal(answer.status, 201, answer.text)
  const issued = answer.json['links'] as { id: string; method: string; url: string }[]
  assert.deepEqual(
    issued.map(({ method }) => method),
    ['GET', 'PUT', 'GET'],
  )
  assert.match(issued[2]?.url ?? '', /c\.txt/)
  assert.equal((await listIds(rest, '')).length, 3)
  const half = [...links, { path: 'acme/none.txt' }]
  const refused = await rest.call('POST', '/v1/links/batch', { json: { links: half } })
  assert.equal(refused.json['code'], 'file-not-found')
  assert.equal((await listIds(rest, '')).length, 3)
  for (const wrong of [[], Array.from({ length: 1001 }, () => ({ path: 'acme/a.txt' }))]) {
    const many = await rest.call('POST', '/v1/links/batch', { json: { links: wrong } })
    assert.equal(many.json['field'], 'links')
  }
})

test('a stable link is the same one within its window, and another after it', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const wish = { path: 'acme/a.txt', expiresIn: 120, stableWindow: 3600, disposition: 'inline' }
  const first = await issueOver(rest, wish)
  rest.core.clock.advance(60_000)
  assert.equal((await issueOver(rest, wish)).url, first.url)
  assert.notEqual((await issueOver(rest, { ...wish, expiresIn: 121 })).url, first.url)
  rest.core.clock.advance(3_600_000)
  assert.notEqual((await issueOver(rest, wish)).url, first.url)
  const upload = { path: 'acme/b.txt', method: 'PUT', stableWindow: 60 }
  const refused = await rest.call('POST', '/v1/links', { json: upload })
  assert.equal(refused.json['field'], 'stableWindow')
})

test('a download is saved unless it was issued to be shown', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.png', { body: 'x' })
  for (const [disposition, expected] of [
    [undefined, 'attachment; filename="a.png"'],
    ['attachment', 'attachment; filename="a.png"'],
    ['inline', 'inline; filename="a.png"'],
  ] as const) {
    const { url } = await issueOver(rest, { path: 'acme/a.png', disposition })
    const given = new URL(url).searchParams.get('response-content-disposition')
    assert.equal(given, expected)
  }
})

test('an upload link replaces nothing unless it was issued to', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const careful = await issueOver(rest, { path: 'acme/a.txt', method: 'PUT' })
  await assert.rejects(putUrl(rest.core, [careful.url, 'a.txt'], 'new'), { code: 'file-exists' })
  const bold = await issueOver(rest, { path: 'acme/a.txt', method: 'PUT', overwrite: true })
  assert.equal((await putUrl(rest.core, [bold.url, 'a.txt'], 'new')).replaced, true)
  const { json } = await rest.call('GET', `/v1/links/${bold.id}`)
  assert.equal(json['overwrite'], true)
})

test('an empty list of addresses is no link for anybody, but refused', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const answer = await rest.call('POST', '/v1/links', { json: { path: 'acme/a.txt', ip: [] } })
  assert.equal(answer.status, 400)
  assert.equal(answer.json['field'], 'ip')
})

test('a link is narrowed over the API and says so, and a wish to widen it names the field', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/d.txt', { body: 'x' })
  const { id } = await issueOver(rest, {
    path: 'acme/d.txt',
    expiresIn: 600,
    label: 'for Ada',
    notBefore: '2026-01-01T00:00:00Z',
  })
  const link = `/v1/links/${id}`
  const before = (await rest.call('GET', link)).json
  assert.deepEqual([before['label'], before['notBefore']], ['for Ada', '2026-01-01T00:00:00.000Z'])
  const expiresAt = new Date(Date.parse(String(before['expiresAt'])) - 60_000).toISOString()
  const narrowed = await rest.call('PATCH', link, {
    json: { expiresAt, ip: '203.0.113.0/24', maxUses: 3, label: null },
  })
  assert.equal(narrowed.status, 200, narrowed.text)
  const expected = { ...before, expiresAt, networks: ['203.0.113.0/24'], maxUses: 3, label: null }
  assert.deepEqual(narrowed.json, expected)
  assert.deepEqual((await rest.call('GET', link)).json, expected)
  const rows: readonly [object, number, string][] = [
    [{ expiresAt: before['expiresAt'] }, 409, 'expiresAt'],
    [{ maxUses: 4 }, 409, 'maxUses'],
    [{ ip: '0.0.0.0/0' }, 409, 'ip'],
    [{ maxBytes: 5 }, 400, 'maxBytes'],
    [{ reason: 'another' }, 400, 'reason'],
  ]
  for (const [json, status, field] of rows) {
    const refused = await rest.call('PATCH', link, { json })
    assert.deepEqual([refused.status, refused.json['field']], [status, field], refused.text)
  }
  const reader = await rest.createKey({ actions: ['read'] })
  assert.equal((await rest.call('PATCH', link, { key: reader, json: {} })).status, 403)
})
