import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issue, put, setFolder } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const FIVE_GIB = 5_368_709_120

/** What is answered to the head of an upload whose client waits to be asked for the body. */
async function announce(
  server: S3Server,
  url: string,
  headers: readonly string[] = [],
): Promise<string> {
  const target = url.slice(server.origin.length)
  const lines = [
    `PUT ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    'Expect: 100-continue',
    'Connection: close',
    ...headers,
  ]
  return server.raw(`${lines.join('\r\n')}\r\n\r\n`)
}

async function everything(core: TestCore): Promise<unknown> {
  const blobs = []
  for await (const blob of core.blobs.list()) blobs.push(blob.blobId)
  const listed = []
  const buckets = await core.catalog.buckets.list()
  for (const { name } of buckets) {
    const query = { bucket: name, prefix: '', delimiter: '', after: '', limit: 100 }
    listed.push(name, (await core.files.list(query)).entries)
  }
  return { blobs, listed }
}

test('nobody is asked for a body that would be refused, and nothing is left of it', async () => {
  await withS3(async (server) => {
    const { core, presign } = server
    await put(core, 'there.txt', 'x')
    await setFolder(core, 'acme/small', { policy: { maxBytes: 10 } })
    const used = await issue(core, 'once.txt', { method: 'PUT' })
    await (await fetch(used.url, { method: 'PUT', body: 'x' })).arrayBuffer()
    const typed = await issue(core, 'typed.png', {
      method: 'PUT',
      terms: { contentTypes: ['image/png'] },
    })
    const small = await issue(core, 'small.txt', { method: 'PUT', terms: { maxBytes: 5 } })
    const taken = await issue(core, 'there.txt', { method: 'PUT' })
    const huge = `Content-Length: ${FIVE_GIB}`
    const absent = { headers: { 'if-none-match': '*' } }
    const cases: readonly (readonly [string, string, readonly string[], number])[] = [
      ['nobody', `${server.origin}/acme/new.txt`, [huge], 403],
      ['a used-up link', used.url, [huge], 410],
      ['a link for a smaller body', small.url, [huge], 400],
      ['a link for another type', typed.url, ['Content-Length: 5', 'Content-Type: text/html'], 403],
      ['a link that replaces nothing', taken.url, ['Content-Length: 5'], 409],
      ['a folder for smaller bodies', presign('PUT', 'acme/small/a'), ['Content-Length: 11'], 400],
      [
        'more than S3 takes',
        presign('PUT', 'acme/new.txt'),
        [`Content-Length: ${FIVE_GIB + 1}`],
        400,
      ],
      ['a bucket that is missing', presign('PUT', 'none/new.txt'), ['Content-Length: 5'], 404],
      [
        'a file that is there',
        presign('PUT', 'acme/there.txt', absent),
        ['Content-Length: 5', 'If-None-Match: *'],
        412,
      ],
      [
        'a type that is none',
        presign('PUT', 'acme/new.txt'),
        ['Content-Length: 5', 'Content-Type: image/png;, text/html'],
        400,
      ],
      ['no length', presign('PUT', 'acme/new.txt'), [], 411],
    ]
    const before = await everything(core)
    for (const [name, url, headers, status] of cases) {
      const answer = await announce(server, url, headers)
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${name}: ${answer}`)
      assert.doesNotMatch(answer, /100 Continue/, name)
      assert.deepEqual(await everything(core), before, name)
    }
  })
})

test('an upload that is admitted is asked for', async () => {
  await withS3(async (server) => {
    const url = server.presign('PUT', 'acme/new.txt')
    const target = url.slice(server.origin.length)
    const head = `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 5\r\n\r\n`
    assert.match(
      await server.raw(`${head}hello`),
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    )
  })
})

test('an upload link commits once and replaces nothing', async () => {
  await withS3(async ({ core }) => {
    const { url } = await issue(core, 'a.txt', { method: 'PUT' })
    assert.equal((await fetch(url, { method: 'PUT', body: 'first' })).status, 200)
    assert.equal((await fetch(url, { method: 'PUT', body: 'second' })).status, 410)
    assert.equal((await core.files.find({ bucket: 'acme', key: 'a.txt' }))?.size, 5)
  })
})

test('an upload link does not bring back what it stored, once that is deleted', async () => {
  await withS3(async ({ core, presign }) => {
    const { url } = await issue(core, 'a.txt', { method: 'PUT' })
    assert.equal((await fetch(url, { method: 'PUT', body: 'first' })).status, 200)
    const deleted = await fetch(presign('DELETE', 'acme/a.txt'), { method: 'DELETE' })
    assert.equal(deleted.status, 204)
    assert.equal((await fetch(url, { method: 'PUT', body: 'again' })).status, 410)
    assert.equal(await core.files.find({ bucket: 'acme', key: 'a.txt' }), null)
  })
})

test('an upload answers the id of its file, which a page may read', async () => {
  await withS3(
    async ({ core, presign }) => {
      const headers = { origin: 'https://app.example.com' }
      const answer = await fetch(presign('PUT', 'acme/a.txt'), {
        method: 'PUT',
        body: 'x',
        headers,
      })
      const file = await core.files.find({ bucket: 'acme', key: 'a.txt' })
      assert.equal(answer.headers.get('x-hallpass-file-id'), file?.id)
      assert.match(answer.headers.get('access-control-expose-headers') ?? '', /x-hallpass-file-id/)
    },
    { corsOrigins: ['https://app.example.com'] },
  )
})

test('headers of the server’s own prefix are never taken from a client', async () => {
  await withS3(async (server) => {
    const { core, presign, origin } = server
    await put(core, 'a.txt', 'x')
    const link = await issue(core, 'b.txt', { method: 'PUT' })
    const names = ['x-hallpass-file-id', 'X-Hallpass-Link', 'x-hallpass-verified', 'X-HALLPASS-IP']
    for (const name of names) {
      const stored = await fetch(presign('PUT', 'acme/b.txt'), {
        method: 'PUT',
        body: 'x',
        headers: { [name]: link.id },
      })
      assert.equal(stored.status, 400, `${name} with an upload`)
      for (const [method, path] of [
        ['GET', 'acme/a.txt'],
        ['PUT', 'acme/c.txt'],
        ['DELETE', 'acme/a.txt'],
        ['GET', 'acme'],
      ] as const) {
        const answer = await fetch(`${origin}/${path}?${name}=${link.id}`, {
          method,
          headers: { [name]: link.id },
        })
        assert.equal(answer.status, 403, `${name} by nobody: ${method} ${path}`)
        assert.equal(answer.headers.get(name), null)
      }
      const changed = await fetch(`${presign('GET', 'acme/a.txt')}&${name}=${link.id}`)
      assert.equal(changed.status, 403, `${name} added to a signed URL`)
    }
    const metadata = await fetch(
      presign('PUT', 'acme/b.txt', { headers: { 'x-amz-meta-hallpass-verified': 'yes' } }),
      { method: 'PUT', body: 'x', headers: { 'x-amz-meta-hallpass-verified': 'yes' } },
    )
    assert.equal(metadata.status, 400)
    assert.equal(await core.files.find({ bucket: 'acme', key: 'b.txt' }), null)
  })
})
