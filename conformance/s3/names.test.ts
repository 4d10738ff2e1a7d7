/** Keys, buckets, prefixes and tokens that try to be something else. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { after, before, test } from 'node:test'
import { DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { assertRefused } from '../lib/assert-refused.ts'
import type { Refusal } from '../lib/assert-refused.ts'
import { createAwsClient, presign } from '../lib/clients.ts'
import { encode, signQuery } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw } from '../lib/raw-http.ts'
import type { RawAnswer } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

let server: RunningServer

before(async () => {
  server = await startServer({ isSpreadByConnection: true })
  await makeBucket(server, 'acme')
  await makeBucket(server, 'other')
  await putFile(server, { bucket: 'other', key: 'target' }, 'not yours')
})

after(async () => {
  await server.stop()
})

/** A path signed as it stands, whatever it says. */
function refusedPath(method: string, path: string, refusal: Refusal): Promise<RawAnswer> {
  const target = signQuery(server, { method, path: canonical(path) }).replace(canonical(path), path)
  const body = method === 'PUT' ? { body: 'x' } : {}
  return assertRefused(
    server,
    {
      name: `${method} ${path.slice(0, 80)}`,
      send: () => sendRaw(server.port, { method, target, ...body }),
    },
    refusal,
  )
}

/** What a verifier makes of the path: decoded once, encoded once. Broken escapes stay. */
function canonical(path: string): string {
  try {
    return path
      .split('/')
      .map((segment) => encode(decodeURIComponent(segment)))
      .join('/')
  } catch {
    return path
  }
}

function list(query: Record<string, string>, bucket = 'acme'): Promise<Response> {
  return fetch(presign(server, 'GET', bucket, { query: { 'list-type': '2', ...query } }))
}

async function listedKeys(query: Record<string, string>): Promise<string[]> {
  const text = await (await list({ 'encoding-type': 'url', ...query })).text()
  return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => decodeURIComponent(key))
}

async function put(key: string, body = key): Promise<void> {
  const response = await fetch(presign(server, 'PUT', `acme/${key}`), { method: 'PUT', body })
  assert.equal(response.status, 200, `${key}: ${await response.text()}`)
}

async function get(key: string): Promise<string> {
  const response = await fetch(presign(server, 'GET', `acme/${key}`))
  return response.text()
}

test('dot segments reach nothing, however they are written', async () => {
  const invalid = { status: 400, code: 'InvalidURI' }
  for (const path of [
    '/acme/../other/target',
    '/acme/x/../../other/target',
    '/acme/%2e%2e/other/target',
    '/acme/%2E%2E/other/target',
    '/acme/.%2e/other/target',
    '/acme/..%2fother%2ftarget',
    '/acme/a/..%2f..%2f..%2fetc%2fpasswd',
    '/acme/./target',
    '/acme/%2e',
    '/acme/..',
    '/acme/a/.',
  ]) {
    for (const method of ['GET', 'PUT', 'DELETE']) await refusedPath(method, path, invalid)
  }
  for (const path of ['/../acme/target', '/%2e%2e/acme', '/./acme', '/..', '/.']) {
    await refusedPath('GET', path, { status: 400 })
  }
  await put('file..name')
  await put('...')
  assert.equal(await get('file..name'), 'file..name')
})

test('separators and devices of other systems are ordinary letters', async () => {
  const keys = ['..\\..\\windows', 'C:\\autoexec.bat', '\\\\server\\share', 'CON', 'aux.txt', 'nul']
  for (const key of keys) {
    await put(key)
    assert.equal(await get(key), key)
  }
  for (const [key, name] of [
    ['CON', '_CON'],
    ['aux.txt', '_aux.txt'],
    ['..\\..\\windows', '.._.._windows'],
  ] as const) {
    const response = await fetch(presign(server, 'GET', `acme/${key}`))
    const disposition = response.headers.get('content-disposition')
    assert.equal(disposition, `inline; filename="${name}"`)
    await response.arrayBuffer()
  }
  const names = await readdir(server.dataDir, { recursive: true })
  for (const key of keys) assert.ok(!names.some((name) => name.endsWith(key)), key)
})

test('control bytes and bytes that are no text are refused', async () => {
  for (const path of [
    '/acme/a%00b',
    '/acme/%0d%0aX-Evil:1',
    '/acme/%01',
    '/acme/%7f',
    '/acme/%1b',
    '/acme/%09',
    '/acme/%ff',
    '/acme/%c0%af',
    '/acme/%ed%a0%80',
    '/acme/%f5%80%80%80',
    '/acme/%',
    '/acme/%zz',
    '/acme/%a',
  ]) {
    await refusedPath('GET', path, { status: 400 })
    await refusedPath('PUT', path, { status: 400 })
  }
})

test('a prefix that no key begins with lists nothing', async () => {
  for (const prefix of ['a\0b', '\u0001', 'n/../', './']) {
    const answer = await list({ prefix })
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /<KeyCount>0<\/KeyCount>/)
  }
})

test('a key has at most 1,024 bytes, in however few or many segments', async () => {
  await refusedPath('PUT', `/acme/${'a'.repeat(1025)}`, { status: 400, code: 'KeyTooLongError' })
  await refusedPath('PUT', `/acme/${'%C3%A9'.repeat(513)}`, {
    status: 400,
    code: 'KeyTooLongError',
  })
  const long = ['a'.repeat(1024), 'b'.repeat(900), `${'c/'.repeat(500)}d`]
  for (const key of long) await put(key, 'long')
  for (const key of long) assert.equal(await get(key), 'long')
  const listed = await listedKeys({})
  for (const key of long) assert.ok(listed.includes(key))
})

test('composed and decomposed letters, cases, and a folder beside a file of its name stay apart', async () => {
  const keys = ['n/caf\u00E9', 'n/cafe\u0301', 'n/A', 'n/a', 'n/a/b', 'n/a/']
  for (const key of keys) await put(key)
  for (const key of keys) assert.equal(await get(key), key)
  const ordered = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  assert.deepEqual(await listedKeys({ prefix: 'n/' }), ordered)
  await fetch(presign(server, 'PUT', 'acme/n/a'), { method: 'PUT', body: 'replaced' })
  assert.equal(await get('n/a'), 'replaced')
  assert.equal(await get('n/a/'), 'n/a/')
  const key = await server.createKey({ name: 'del', actions: ['delete'], mayPresignDelete: true })
  const remove = presign(server, 'DELETE', 'acme/n/a', { credentials: key })
  assert.equal((await fetch(remove, { method: 'DELETE' })).status, 204)
  assert.deepEqual(
    await listedKeys({ prefix: 'n/' }),
    ordered.filter((name) => name !== 'n/a'),
  )
})

test('a bucket has the name of a bucket', async () => {
  const invalid = { status: 400, code: 'InvalidBucketName' }
  for (const name of [
    'x'.repeat(64),
    'Upper-Case',
    'under_score',
    '-dash',
    'dash-',
    'two..dots',
    '192.168.0.1',
    '.dot',
    'dot.',
    'a%20b',
    '%61%62',
    'caf%C3%A9',
    'a:b',
    '~user',
    '__proto__',
  ]) {
    await refusedPath('PUT', `/${name}`, name.includes('%') ? { status: 400 } : invalid)
  }
  for (const name of ['abc', 'a'.repeat(63), 'a.b-c', '0-9', 'tmp', 'blobs', 'constructor']) {
    const response = await fetch(presign(server, 'PUT', name), { method: 'PUT' })
    assert.equal(response.status, 200, name)
  }
  const stored = await readdir(server.dataDir, { recursive: true })
  const named = stored.filter((path) => ['abc', 'constructor'].includes(basename(path)))
  assert.deepEqual(named, [])
})

test('wildcards and quotes in a prefix mean themselves', async () => {
  const keys = ['w/a%b', 'w/a_b', 'w/a*b', 'w/a[b', "w/a'b", 'w/a"b', 'w/axb', 'w/a\\b']
  for (const key of keys) await put(key)
  for (const key of keys) assert.deepEqual(await listedKeys({ prefix: key.slice(0, 4) }), [key])
  const injected = await list({ prefix: "w/' OR '1'='1" })
  assert.doesNotMatch(await injected.text(), /<Key>/)
  const client = createAwsClient(server)
  const Objects = (await listedKeys({ prefix: 'w/a*' })).map((Key) => ({ Key }))
  await client.send(new DeleteObjectsCommand({ Bucket: 'acme', Delete: { Objects } }))
  client.destroy()
  const left = keys.filter((key) => key !== 'w/a*b')
  assert.deepEqual(new Set(await listedKeys({ prefix: 'w/' })), new Set(left))
})

test('lists are bounded, and closed to strangers', async () => {
  for (const value of ['-1', 'abc', '1.5', '1e9', '0x10', ' 1', '99999999999']) {
    const response = await list({ 'max-keys': value })
    assert.equal(response.status, 400, value)
    assert.match(await response.text(), /<Code>InvalidArgument<\/Code>/)
  }
  assert.match(await (await list({ 'max-keys': '1000000000' })).text(), /<MaxKeys>1000<\/MaxKeys>/)
  for (const token of ['', 'a', '%', 'AAAA'.repeat(20), '../../etc/passwd', "' OR 1=1"]) {
    const response = await list({ 'continuation-token': token })
    assert.equal(response.status, 400, token)
  }
  const [, token = ''] =
    /<NextContinuationToken>(.*)<\/NextContinuationToken>/.exec(
      await (await list({ 'max-keys': '1' })).text(),
    ) ?? []
  assert.ok(token.length > 0)
  assert.equal((await list({ 'continuation-token': token })).status, 200)
  assert.equal((await list({ 'continuation-token': token }, 'other')).status, 400)
  for (const path of ['/acme', '/acme/', '/acme?list-type=2', '/']) {
    await assertRefused(
      server,
      {
        name: `anonymous ${path}`,
        send: () => sendRaw(server.port, { method: 'GET', target: path }),
      },
      { status: 403, code: 'AccessDenied' },
    )
  }
})

test('a listing is well-formed XML, whatever the keys hold', async () => {
  const { XMLValidator } = await import('fast-xml-parser')
  for (const key of ['x/<a>&"\'', 'x/]]>', 'x/\uFFFE', 'x/\uFFFF', 'x/😀', 'x/&#0;']) {
    await putFile(server, { bucket: 'acme', key }, 'x')
  }
  for (const query of [
    { prefix: 'x/' },
    { prefix: 'x/', 'encoding-type': 'url' },
    { prefix: 'x/<', delimiter: '&' },
  ]) {
    assert.equal(XMLValidator.validate(await (await list(query)).text()), true)
  }
})
