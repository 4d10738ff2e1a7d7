import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

async function list(
  server: S3Server,
  query: Record<string, string>,
  bucket = 'acme',
): Promise<string> {
  const url = server.presign('GET', bucket, { query: { 'list-type': '2', ...query } })
  return (await fetch(url)).text()
}

function all(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(
    ([, text = '']) => text,
  )
}

test('a bucket is made, found, located and removed', async () => {
  await withS3(async ({ presign }) => {
    const create = await fetch(presign('PUT', 'new-bucket'), { method: 'PUT' })
    assert.equal(create.status, 200)
    assert.equal(create.headers.get('location'), '/new-bucket')
    const head = await fetch(presign('HEAD', 'new-bucket'), { method: 'HEAD' })
    assert.equal(head.headers.get('x-amz-bucket-region'), 'us-east-1')
    const location = await fetch(presign('GET', 'new-bucket', { query: { location: '' } }))
    assert.match(await location.text(), /<LocationConstraint xmlns="[^"]+"><\/LocationConstraint>$/)
    const buckets = await (await fetch(presign('GET', ''))).text()
    assert.deepEqual(all(buckets, 'Name'), ['acme', 'new-bucket'])
    const remove = await fetch(presign('DELETE', 'new-bucket'), { method: 'DELETE' })
    assert.equal(remove.status, 204)
    const gone = await fetch(presign('HEAD', 'new-bucket'), { method: 'HEAD' })
    assert.equal(gone.status, 404)
  })
})

test('a bucket that holds files stays', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a', 'x')
    const response = await fetch(presign('DELETE', 'acme'), { method: 'DELETE' })
    assert.equal(response.status, 409)
    assert.match(await response.text(), /<Code>BucketNotEmpty<\/Code>/)
  })
})

test('names no bucket can have are refused and nothing is made', async () => {
  await withS3(async ({ core, origin }) => {
    for (const name of [
      'AB-upper',
      'a..b',
      '192.168.0.1',
      '-abc',
      'a'.repeat(64),
      '%2e%2e%2f',
      'abc_',
    ]) {
      const response = await fetch(`${origin}/${name}`, { method: 'PUT' })
      assert.equal(response.status, 400, name)
    }
    assert.deepEqual(
      (await core.catalog.buckets.list()).map(({ name }) => name),
      ['acme'],
    )
  })
})

test('pages follow one another, and folders are rolled up', async () => {
  await withS3(async (server) => {
    for (const key of ['a', 'b/1', 'b/2', 'c', 'd/1', 'e']) await put(server.core, key, 'x')
    const first = await list(server, { 'max-keys': '3', delimiter: '/' })
    assert.deepEqual(all(first, 'Key'), ['a', 'c'])
    assert.deepEqual(all(first, 'Prefix').slice(1), ['b/'])
    assert.deepEqual(all(first, 'IsTruncated'), ['true'])
    assert.deepEqual(all(first, 'KeyCount'), ['3'])
    const [token = ''] = all(first, 'NextContinuationToken')
    const second = await list(server, {
      'max-keys': '3',
      delimiter: '/',
      'continuation-token': token,
    })
    assert.deepEqual(all(second, 'Key'), ['e'])
    assert.deepEqual(all(second, 'Prefix').slice(1), ['d/'])
    assert.deepEqual(all(second, 'IsTruncated'), ['false'])
    assert.deepEqual(all(await list(server, { 'start-after': 'c' }), 'Key'), ['d/1', 'e'])
    assert.deepEqual(all(await list(server, { prefix: 'b/' }), 'Key'), ['b/1', 'b/2'])
  })
})

test('a continuation token is only good for the listing it came from', async () => {
  await withS3(async (server) => {
    for (const key of ['a', 'b', 'c']) await put(server.core, key, 'x')
    await server.core.catalog.buckets.create(
      {
        name: 'other',
        createdAt: 0,
        versioning: 'off',
        settings: {},
      },
      null,
    )
    const [token = ''] = all(await list(server, { 'max-keys': '1' }), 'NextContinuationToken')
    assert.doesNotMatch(Buffer.from(token, 'base64url').toString('latin1'), /acme/)
    const flipped = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`
    for (const [query, bucket] of [
      [{ 'continuation-token': flipped }, 'acme'],
      [{ 'continuation-token': 'a' }, 'acme'],
      [{ 'continuation-token': 'x'.repeat(100) }, 'acme'],
      [{ 'continuation-token': token, prefix: 'a' }, 'acme'],
      [{ 'continuation-token': token, delimiter: '/' }, 'acme'],
      [{ 'continuation-token': token }, 'other'],
    ] as const) {
      assert.match(await list(server, query, bucket), /<Code>InvalidArgument<\/Code>/)
    }
    assert.deepEqual(all(await list(server, { 'continuation-token': token }), 'Key'), ['b', 'c'])
  })
})

test('sizes of pages are clamped or refused', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a', 'x')
    assert.deepEqual(all(await list(server, { 'max-keys': '1000000000' }), 'MaxKeys'), ['1000'])
    const none = await list(server, { 'max-keys': '0' })
    assert.deepEqual(all(none, 'Key'), [])
    assert.deepEqual(all(none, 'IsTruncated'), ['false'])
    for (const value of ['-1', 'abc', '1e3', '99999999999']) {
      assert.match(
        await list(server, { 'max-keys': value }),
        /<Code>InvalidArgument<\/Code>/,
        value,
      )
    }
    assert.match(await list(server, { 'encoding-type': 'gzip' }), /<Code>InvalidArgument<\/Code>/)
  })
})

test('keys are encoded on request, and owners shown on request', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a b/<&>.txt', 'x')
    assert.deepEqual(all(await list(server, {}), 'Key'), ['a b/&lt;&amp;&gt;.txt'])
    assert.deepEqual(all(await list(server, { 'encoding-type': 'url' }), 'Key'), [
      'a%20b/%3C%26%3E.txt',
    ])
    assert.doesNotMatch(await list(server, {}), /<Owner>/)
    assert.match(await list(server, { 'fetch-owner': 'true' }), /<Owner>/)
  })
})

test('the first version of the list uses plain markers', async () => {
  await withS3(async (server) => {
    for (const key of ['a', 'b', 'c']) await put(server.core, key, 'x')
    async function page(query: Record<string, string>): Promise<string> {
      return (await fetch(server.presign('GET', 'acme', { query }))).text()
    }
    const first = await page({ 'max-keys': '2' })
    assert.deepEqual(all(first, 'Key'), ['a', 'b'])
    assert.deepEqual(all(first, 'NextMarker'), ['b'])
    assert.deepEqual(all(await page({ marker: 'b' }), 'Key'), ['c'])
  })
})

test('wildcards and quotes in a prefix mean themselves', async () => {
  await withS3(async (server) => {
    for (const key of ['a*b', 'aXb', 'a%b', 'a_b', "a'b"]) await put(server.core, key, 'x')
    for (const prefix of ['a*', 'a%', 'a_', "a'"]) {
      const keys = all(await list(server, { prefix, 'encoding-type': 'url' }), 'Key')
      assert.deepEqual(keys.map(decodeURIComponent), [`${prefix}b`])
    }
  })
})

test('what has no route is refused in the words of S3', async () => {
  await withS3(async ({ core, presign, origin }) => {
    await put(core, 'a', 'x')
    const cases: readonly (readonly [string, string, Record<string, string>, number, string])[] = [
      ['GET', 'acme/a', { torrent: '' }, 501, 'NotImplemented'],
      ['GET', 'acme', { inventory: '' }, 501, 'NotImplemented'],
      ['PUT', 'acme', { lifecycle: '' }, 501, 'NotImplemented'],
      ['POST', 'acme/a', { restore: '' }, 501, 'NotImplemented'],
      ['POST', 'acme', {}, 412, 'PreconditionFailed'],
    ]
    for (const [method, path, query, status, code] of cases) {
      const response = await fetch(presign(method, path, { query }), { method })
      const text = await response.text()
      assert.equal(response.status, status, text)
      assert.match(text, new RegExp(`<Code>${code}</Code>`))
    }
    const preflight = await fetch(`${origin}/acme/a`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'PUT' },
    })
    assert.equal(preflight.status, 403)
    assert.equal(preflight.headers.get('access-control-allow-origin'), null)
    assert.equal(await (await fetch(`${origin}/v1/files`)).text(), 'rest')
    assert.equal(await (await fetch(`${origin}/-/healthz`)).text(), 'rest')
    assert.match(await (await fetch(`${origin}/s/x`)).text(), /There is nothing at this address/)
  })
})

test('a bucket can be named by the host where a domain is configured', async () => {
  await withS3(
    async ({ core, raw }) => {
      await put(core, 'a.txt', 'x')
      const answer = await raw(
        'GET /v1/a.txt HTTP/1.1\r\nHost: acme.files.test:8787\r\nConnection: close\r\n\r\n',
      )
      assert.match(answer, /<Code>AccessDenied<\/Code>/)
      const bad = await raw(
        'GET /a.txt HTTP/1.1\r\nHost: A_B.files.test\r\nConnection: close\r\n\r\n',
      )
      assert.match(bad, /<Code>InvalidBucketName<\/Code>/)
      const own = await raw('GET /v1/x HTTP/1.1\r\nHost: files.test\r\nConnection: close\r\n\r\n')
      assert.match(own, /rest$/)
    },
    { virtualHostDomain: 'files.test' },
  )
})
