import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../../support/rest.ts'

const TARGET = '/v1/files?path=acme/a.txt'

test('metadata and stored headers come back with the file, and are held to their limits', async (t) => {
  const rest = await startRest(t)
  const headers = {
    'x-amz-meta-Owner': 'mueller',
    'content-disposition': 'attachment; filename="b.txt"',
    expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
  }
  const stored = await rest.call('PUT', TARGET, { body: 'x', headers })
  assert.equal(stored.status, 201, stored.text)
  assert.deepEqual(stored.json['metadata'], { owner: 'mueller' })
  const file = await rest.core.files.find({ bucket: 'acme', key: 'a.txt' })
  assert.equal(file?.headers.contentDisposition, headers['content-disposition'])
  assert.equal(file?.headers.expires, headers.expires)
  const large = { 'x-amz-meta-a': 'x'.repeat(2048) }
  const refused = await rest.call('PUT', TARGET, { body: 'x', headers: large })
  assert.equal(refused.json['code'], 'metadata-too-large')
  const reserved = { 'x-amz-meta-hallpass-a': 'x' }
  const own = await rest.call('PUT', TARGET, { body: 'x', headers: reserved })
  assert.equal(own.json['field'], 'x-amz-meta-hallpass-a')
})

test('headers that S3 keeps and this upload does not are refused by name; those of proxies are not', async (t) => {
  const rest = await startRest(t)
  for (const name of ['x-amz-tagging', 'x-amz-acl', 'x-amz-server-side-encryption']) {
    const answer = await rest.call('PUT', TARGET, { body: 'x', headers: { [name]: 'x' } })
    assert.equal(answer.status, 400)
    assert.equal(answer.json['field'], name)
  }
  const proxied = { 'x-amz-cf-id': 'x', 'x-amzn-trace-id': 'x' }
  assert.equal((await rest.call('PUT', TARGET, { body: 'x', headers: proxied })).status, 201)
})

test('a condition takes any ETag in quotes, or a star', async (t) => {
  const rest = await startRest(t)
  const put = (headers: Record<string, string>) => rest.call('PUT', TARGET, { body: 'x', headers })
  assert.equal((await put({ 'if-match': '*' })).status, 412)
  const { etag } = (await put({ 'if-none-match': '"abc"' })).json
  assert.equal((await put({ 'if-match': '"abc"' })).status, 412)
  assert.equal((await put({ 'if-match': '*' })).status, 200)
  assert.equal((await put({ 'if-none-match': `"${String(etag)}"` })).status, 412)
  for (const broken of ['abc', 'W/"abc"', '"a", "b"', '']) {
    assert.equal((await put({ 'if-match': broken })).json['field'], 'If-Match', broken)
  }
  const both = await put({ 'if-match': '"abc"', 'if-none-match': '*' })
  assert.equal(both.json['field'], 'If-Match')
})

test('the document names the headers that an upload reads', async (t) => {
  const rest = await startRest(t)
  const { json } = await rest.call('GET', '/v1/openapi.json')
  const { paths } = json as {
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>
  }
  const names = paths['/v1/files']?.['put']?.parameters.map(({ name }) => name.toLowerCase()) ?? []
  for (const name of [
    'path',
    'if-match',
    'if-none-match',
    'content-encoding',
    'content-digest',
    'content-md5',
  ]) {
    assert.ok(names.includes(name), name)
  }
})
