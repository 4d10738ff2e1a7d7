import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'
import type { RestAnswer, RestHarness } from '../../support/rest.ts'

function form(
  ...parts: readonly [name: string, value: string | Blob, filename?: string][]
): FormData {
  const data = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, value, filename)
  }
  return data
}

function put(rest: RestHarness, path: string, text: string): Promise<RestAnswer> {
  const query = new URLSearchParams({ path })
  return rest.call('PUT', `/v1/files?${query}`, {
    body: text,
    headers: { 'content-type': 'text/plain' },
  })
}

async function countFiles(rest: RestHarness): Promise<number> {
  const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 1000 }
  return (await rest.core.catalog.files.list(query)).entries.length
}

test('a form uploads a file into a private folder and answers with a signed URL', async (t) => {
  const rest = await startRest(t)
  const file = new Blob(['hello'], { type: 'text/plain' })
  const answer = await rest.call('POST', '/v1/files', {
    body: form(['folder', 'acme/reports'], ['file', file, 'Bericht ä 1.txt']),
  })
  assert.equal(answer.status, 201)
  assert.equal(answer.json['path'], 'acme/reports/Bericht ä 1.txt')
  assert.equal(answer.json['size'], 5)
  assert.equal(answer.json['contentType'], 'text/plain')
  assert.equal(answer.json['visibility'], 'private')
  assert.match(String(answer.json['signedUrl']), /^http:\/\/files\.test:8787\/acme\/reports\//)
  assert.match(String(answer.json['expiresAt']), /^2026-03-14T09:31:53/)
  assert.equal(answer.json['url'], undefined)
  assert.equal(answer.headers.get('location'), `/v1/files/${String(answer.json['id'])}`)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
})

test('a small file may come before its folder in the form', async (t) => {
  const rest = await startRest(t)
  const bytes = Buffer.alloc(900_000, 'x')
  const answer = await rest.call('POST', '/v1/files', {
    body: form(['file', new Blob([bytes]), 'a.bin'], ['folder', 'acme/in']),
  })
  assert.equal(answer.status, 201, answer.text)
  assert.equal(answer.json['path'], 'acme/in/a.bin')
  assert.equal(answer.json['size'], bytes.length)
})

test('a raw body uploads a file, replaces it, and respects If-None-Match and If-Match', async (t) => {
  const rest = await startRest(t)
  const first = await put(rest, 'acme/a b+c%.txt', 'one')
  assert.equal(first.status, 201)
  assert.equal(first.json['path'], 'acme/a b+c%.txt')
  const second = await put(rest, 'acme/a b+c%.txt', 'two')
  assert.equal(second.status, 200)
  assert.equal(second.json['id'], first.json['id'])

  const target = '/v1/files?path=acme/a+b%2Bc%25.txt'
  const kept = await rest.call('PUT', target, { body: 'x', headers: { 'if-none-match': '*' } })
  assert.equal(kept.status, 412)
  assert.equal(kept.json['code'], 'precondition-failed')
  const ifMatch = (etag: string): Promise<RestAnswer> =>
    rest.call('PUT', target, { body: 'x', headers: { 'if-match': etag } })
  assert.equal((await ifMatch(`"${String(first.json['etag'])}"`)).status, 412)
  assert.equal((await ifMatch(`"${String(second.json['etag'])}"`)).status, 200)
  assert.equal((await ifMatch('nonsense')).json['field'], 'If-Match')
})

test('the first upload makes its bucket, if the key may write at its root', async (t) => {
  const rest = await startRest(t)
  assert.equal((await put(rest, 'new-bucket/x.txt', 'x')).status, 201)
  const key = await rest.createKey({ actions: ['write'], pathPrefix: 'other/inbox/' })
  const refused = await rest.call('PUT', '/v1/files?path=other/inbox/x.txt', { key, body: 'x' })
  assert.equal(refused.status, 404)
  assert.equal(refused.json['code'], 'bucket-not-found')
  assert.match(
    String(refused.json['detail']),
    /this key may not make it: it writes under other\/inbox\//,
  )
})

test('a form that is broken, brings no file, a second file or an unknown field stores nothing', async (t) => {
  const rest = await startRest(t)
  const file = new Blob(['hello'])
  const refused: [FormData, string][] = [
    [form(['file', file, 'a.txt']), 'folder'],
    [form(['file', new Blob([Buffer.alloc(1_100_000)]), 'a.txt'], ['folder', 'acme']), 'folder'],
    [form(['folder', 'acme']), 'file'],
    [form(['folder', 'acme'], ['folder', 'acme']), 'folder'],
    [form(['folder', 'acme'], ['file', file, 'a.txt'], ['file', file, 'b.txt']), 'file'],
    [form(['folder', 'acme'], ['file', file, 'a.txt'], ['extra', 'x']), 'extra'],
    [form(['folder', 'acme'], ['upload', file, 'a.txt']), 'upload'],
    [form(['folder', 'a'.repeat(5000)], ['file', file, 'a.txt']), 'folder'],
  ]
  for (const [body, field] of refused) {
    const answer = await rest.call('POST', '/v1/files', { body })
    assert.equal(answer.status, 400, answer.text)
    assert.equal(answer.json['field'], field, answer.text)
  }
  const cut =
    '--B\r\nContent-Disposition: form-data; name="folder"\r\n\r\nacme\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhel'
  for (const body of [cut, `${cut}\r\n--B`, '', 'nonsense', '--B--\r\n']) {
    const headers = { 'content-type': 'multipart/form-data; boundary=B' }
    const answer = await rest.call('POST', '/v1/files', { body, headers })
    assert.equal(answer.status, 400, body)
  }
  const wrong = await rest.call('POST', '/v1/files', {
    body: 'x',
    headers: { 'content-type': 'text/plain' },
  })
  assert.equal(wrong.status, 415)
  const bare = { 'content-type': 'multipart/form-data' }
  assert.equal((await rest.call('POST', '/v1/files', { body: 'x', headers: bare })).status, 415)
  assert.equal(await countFiles(rest), 0)
})

test('names that could leave their folder or break a header are refused', async (t) => {
  const rest = await startRest(t)
  for (const path of [
    'acme/../x',
    'acme/./x',
    'acme/a%00b',
    'acme/a%0ab',
    'acme',
    'acme/',
    'A/x',
    '/x',
    'acme/%ff',
    '%E2',
  ]) {
    const answer = await rest.call('PUT', `/v1/files?path=${path}`, { body: 'x' })
    assert.equal(answer.status, 400, path)
    assert.match(answer.text, /path-invalid|bucket-name-invalid|field-invalid/)
  }
  const long = await rest.call('PUT', `/v1/files?path=acme/${'x'.repeat(1025)}`, { body: 'x' })
  assert.equal(long.json['code'], 'key-too-long')
  for (const folder of ['acme/..', '..', 'acme//x', '']) {
    const answer = await rest.call('POST', '/v1/files', {
      body: form(['folder', folder], ['file', new Blob(['x']), 'a.txt']),
    })
    assert.equal(answer.status, 400, folder)
  }
  assert.equal(await countFiles(rest), 0)
})

test('a folder lists its files and folders page by page, each file with how to fetch it', async (t) => {
  const rest = await startRest(t)
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt', 'z.txt'])
    await put(rest, `acme/docs/${name}`, name)
  const first = await rest.call('GET', '/v1/files?folder=acme/docs&limit=3')
  assert.equal(first.status, 200)
  const files = first.json['files'] as Record<string, unknown>[]
  assert.deepEqual(
    files.map(({ name }) => name),
    ['a.txt', 'b.txt'],
  )
  assert.deepEqual(first.json['folders'], ['acme/docs/sub/'])
  for (const file of files) assert.match(String(file['signedUrl']), /X-Amz-Signature=/)
  const cursor = String(first.json['nextCursor'])
  const second = await rest.call('GET', `/v1/files?folder=acme/docs/&limit=3&cursor=${cursor}`)
  assert.deepEqual(
    (second.json['files'] as { name: string }[]).map(({ name }) => name),
    ['z.txt'],
  )
  assert.equal(second.json['nextCursor'], null)
  const all = await rest.call('GET', '/v1/files?folder=acme&recursive=true')
  assert.equal((all.json['files'] as unknown[]).length, 4)
})

test('a key that may list but not read sees files without a URL', async (t) => {
  const rest = await startRest(t)
  await put(rest, 'acme/a.txt', 'x')
  const key = await rest.createKey({ actions: ['list'] })
  const { json } = await rest.call('GET', '/v1/files?folder=acme', { key })
  const [file] = json['files'] as Record<string, unknown>[]
  assert.equal(file?.['name'], 'a.txt')
  assert.equal(file?.['signedUrl'], undefined)
})

test('a public folder turns signed URLs into plain ones', async (t) => {
  const rest = await startRest(t)
  const { json } = await put(rest, 'acme/pub/ä b.txt', 'x')
  await rest.call('PUT', '/v1/folders/acme/pub', { json: { visibility: 'public' } })
  const file = await rest.call('GET', `/v1/files/${String(json['id'])}`)
  assert.equal(file.json['visibility'], 'public')
  assert.equal(file.json['url'], 'http://files.test:8787/acme/pub/%C3%A4%20b.txt')
  assert.equal(file.json['signedUrl'], undefined)
  const content = await rest.call('GET', `/v1/files/${String(json['id'])}/content`)
  assert.equal(content.headers.get('location'), file.json['url'])
})

test('the bytes of a file are one redirect away, and nobody may keep the redirect', async (t) => {
  const rest = await startRest(t)
  const { json } = await put(rest, 'acme/a.txt', 'x')
  const answer = await rest.call('GET', `/v1/files/${String(json['id'])}/content`)
  assert.equal(answer.status, 302)
  assert.match(
    String(answer.headers.get('location')),
    /^http:\/\/files\.test:8787\/acme\/a\.txt\?.*X-Amz-Signature=/,
  )
  assert.equal(answer.headers.get('cache-control'), 'private, no-store')
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
  assert.equal(answer.text, '')
})

test('a file moves, keeps its id, and replaces another only when told to', async (t) => {
  const rest = await startRest(t)
  const { json } = await put(rest, 'acme/a.txt', 'x')
  await put(rest, 'acme/b.txt', 'y')
  const id = String(json['id'])
  const taken = await rest.call('PATCH', `/v1/files/${id}`, { json: { path: 'acme/b.txt' } })
  assert.equal(taken.status, 409)
  assert.equal(taken.json['code'], 'file-exists')
  const moved = await rest.call('PATCH', `/v1/files/${id}`, {
    json: { path: 'acme/b.txt', overwrite: true },
  })
  assert.equal(moved.status, 200)
  assert.equal(moved.json['id'], id)
  assert.equal(moved.json['path'], 'acme/b.txt')
  assert.equal(await countFiles(rest), 1)
})

test('a deleted file is gone, and deleting it again says so', async (t) => {
  const rest = await startRest(t)
  const { json } = await put(rest, 'acme/a.txt', 'x')
  const path = `/v1/files/${String(json['id'])}`
  assert.equal((await rest.call('DELETE', path)).status, 204)
  assert.equal((await rest.call('DELETE', path)).json['code'], 'file-not-found')
  assert.equal((await rest.call('GET', path)).status, 404)
})

test('a folder limit stops a body on the way and stores nothing', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/folders/acme/small', { json: { policy: { maxBytes: 10 } } })
  const raw = await put(rest, 'acme/small/a.txt', 'x'.repeat(11))
  assert.equal(raw.status, 413)
  assert.equal(raw.json['code'], 'file-too-large')
  const inForm = await rest.call('POST', '/v1/files', {
    body: form(['folder', 'acme/small'], ['file', new Blob(['x'.repeat(2_000_000)]), 'a.txt']),
  })
  assert.equal(inForm.status, 413)
  assert.equal(await countFiles(rest), 0)
})
