/** Planned uploads: begun with a key over REST, sent by somebody who has none. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { HallpassError, createHallpass } from '@hallpass/client'
import type { Hallpass, SignedRequest } from '@hallpass/client'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const MIB = 1024 ** 2

function withClient(use: (hp: Hallpass, server: RunningServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    await makeBucket(server, 'acme')
    await use(createHallpass({ url: server.origin, key: server.adminKey, retries: 0 }), server)
  })
}

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 1021) bytes[at] = at % 251
  return bytes
}

function send(
  { method, url, headers, fields }: SignedRequest,
  body: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  if (method === 'PUT') return fetch(url, { method, headers, body })
  const form = new FormData()
  for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value)
  form.append('file', new Blob([body]))
  return fetch(url, { method, body: form })
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items
  assert.ok(item !== undefined && items.length === 1)
  return item
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return ''
  } catch (error) {
    assert.ok(error instanceof HallpassError, String(error))
    return error.code
  }
}

for (const method of ['put', 'post'] as const) {
  test(`a small file comes in one ${method}, and the upload becomes it`, () =>
    withClient(async (hp, server) => {
      const body = bytesOf(1000)
      const { upload, requests } = await hp.uploads.create({
        path: 'acme/in/photo.png',
        size: 1000,
        methods: [method],
        metadata: { from: 'a-page' },
      })
      assert.deepEqual([upload.status, upload.method, upload.partCount], ['open', method, 1])
      assert.equal(await codeOf(hp.uploads.complete({ id: upload.id })), 'upload-incomplete')
      const answer = await send(only(requests), body)
      assert.ok(answer.ok, await answer.text())
      const done = await hp.uploads.complete({ id: upload.id })
      assert.equal(done.status, 'finished')
      assert.equal(done.file?.contentType, 'image/png')
      assert.equal(done.file?.metadata['from'], 'a-page')
      const stored = await fetch(done.file?.signedUrl ?? '')
      assert.deepEqual(new Uint8Array(await stored.arrayBuffer()), body)
      assert.deepEqual((await hp.uploads.get({ id: upload.id })).status, 'finished')
      assert.equal((await send(only(requests), body)).ok, false, 'it commits once')
      assert.equal(await codeOf(hp.uploads.sign({ id: upload.id })), 'upload-not-found')
      assert.equal(await server.core.files.uploads.find(upload.id), null)
    }))
}

test(
  'a large file comes in parts, which are signed again and may be sent again',
  { skip: MOVES_CLOCK },
  () =>
    withClient(async (hp, server) => {
      const size = 20 * MIB
      const body = bytesOf(size)
      const { upload, requests } = await hp.uploads.create({ path: 'acme/film.mp4', size })
      assert.deepEqual(
        [upload.method, upload.partSize, upload.partCount],
        ['multipart', 8 * MIB, 3],
      )
      assert.deepEqual(
        requests.map((request) => request.size),
        [8 * MIB, 8 * MIB, 4 * MIB],
      )
      const partOf = ({ partNumber, size: length }: SignedRequest): Uint8Array<ArrayBuffer> => {
        const begin = ((partNumber ?? 0) - 1) * 8 * MIB
        return body.slice(begin, begin + length)
      }
      const [first, second, third] = requests
      assert.ok(first !== undefined && second !== undefined && third !== undefined)
      assert.ok((await send(first, partOf(first))).ok)
      assert.equal((await send(second, bytesOf(9 * MIB))).ok, false, 'a part has its size')
      server.advanceClock(20 * 60_000)
      assert.equal((await send(second, partOf(second))).ok, false, 'its URL has run out')
      assert.equal(await codeOf(hp.uploads.complete({ id: upload.id })), 'upload-incomplete')
      const again = await hp.uploads.sign({ id: upload.id, parts: [2, 3] })
      assert.deepEqual(again.upload.parts, [{ number: 1, size: 8 * MIB }])
      for (const request of again.requests) assert.ok((await send(request, partOf(request))).ok)
      const [one] = (await hp.uploads.sign({ id: upload.id, parts: [1] })).requests
      assert.ok(one !== undefined && (await send(one, partOf(one))).ok, 'the same part once more')
      assert.equal(await codeOf(hp.uploads.sign({ id: upload.id, parts: [4] })), 'field-invalid')
      const twice = await Promise.all([
        hp.uploads.complete({ id: upload.id }),
        hp.uploads.complete({ id: upload.id }),
      ])
      for (const done of twice) assert.equal(done.status, 'finished')
      const stored = await (await fetch(twice[0].file?.signedUrl ?? '')).arrayBuffer()
      const digest = (bytes: ArrayBuffer | Uint8Array): string =>
        createHash('sha256').update(new Uint8Array(bytes)).digest('hex')
      assert.equal(digest(stored), digest(body))
      assert.equal((await hp.links.get({ id: upload.linkId })).status, 'used-up')
      assert.equal((await send(third, partOf(third))).ok, false, 'it is over')
    }),
)

test('what was planned is what comes: another size, type or body is refused', () =>
  withClient(async (hp, server) => {
    const begin = async (change: object): Promise<SignedRequest> =>
      only((await hp.uploads.create({ path: 'acme/a.txt', size: 10, ...change })).requests)
    for (const methods of [['put'], ['post']] as const) {
      assert.equal((await send(await begin({ methods }), bytesOf(11))).ok, false)
      assert.equal((await send(await begin({ methods }), bytesOf(9))).ok, false)
    }
    const typed = await begin({})
    const headers = { 'content-type': 'text/html' }
    const sent = await fetch(typed.url, { method: 'PUT', headers, body: bytesOf(10) })
    assert.equal(sent.status, 403)
    const sha256 = createHash('sha256').update('0123456789').digest('hex')
    assert.equal((await send(await begin({ sha256 }), bytesOf(10))).ok, false)
    const right = new TextEncoder().encode('0123456789')
    assert.ok((await send(await begin({ sha256 }), right)).ok)
    assert.equal(await codeOf(begin({})), 'file-exists')
    assert.ok((await send(await begin({ overwrite: true }), bytesOf(10))).ok)
    await putFile(server, { bucket: 'acme', key: 'later.txt' }, 'x')
    assert.equal(await codeOf(begin({ path: 'none/a.txt' })), 'bucket-not-found')
    const large = { path: 'acme/large.bin', size: 6 * 1024 ** 3, sha256 }
    assert.equal(await codeOf(begin({ ...large, methods: ['put'] })), 'field-invalid')
    assert.equal(await codeOf(begin(large)), 'field-invalid')
  }))

test('a file that came meanwhile is not replaced by one that must not, in one piece or in parts', () =>
  withClient(async (hp, server) => {
    for (const methods of [['put'], ['multipart']] as const) {
      const path = `acme/${methods[0]}.bin`
      const planned = await hp.uploads.create({ path, size: 10, methods })
      await putFile(server, { bucket: 'acme', key: `${methods[0]}.bin` }, 'there before')
      const answer = await send(only(planned.requests), bytesOf(10))
      if (methods[0] === 'put') assert.equal(answer.ok, false)
      else assert.equal(await codeOf(hp.uploads.complete({ id: planned.upload.id })), 'file-exists')
      assert.equal((await hp.files.find({ path })).size, 12)
    }
  }))

test(
  'an upload ends when it is aborted, when its link is revoked, and when its time is over',
  { skip: MOVES_CLOCK },
  () =>
    withClient(async (hp, server) => {
      const begin = (): ReturnType<Hallpass['uploads']['create']> =>
        hp.uploads.create({ path: 'acme/parts.bin', size: 10, methods: ['multipart'] })
      const ends: readonly ((id: string, linkId: string) => Promise<unknown>)[] = [
        (id) => hp.uploads.abort({ id }),
        (_id, id) => hp.links.revoke({ id }),
        async () => server.advanceClock(25 * 3_600_000),
      ]
      for (const end of ends) {
        const { upload, requests } = await begin()
        await end(upload.id, upload.linkId)
        assert.equal((await send(only(requests), bytesOf(10))).ok, false)
        assert.equal((await hp.uploads.get({ id: upload.id })).status, 'ended')
        for (const call of [hp.uploads.complete, hp.uploads.sign]) {
          const code = await codeOf(call({ id: upload.id }))
          assert.ok(['upload-not-found', 'link-revoked'].includes(code), code)
        }
        await hp.uploads.abort({ id: upload.id })
      }
      assert.equal(await codeOf(hp.uploads.get({ id: 'nonsense' })), 'upload-not-found')
      assert.equal(await codeOf(hp.files.find({ path: 'acme/parts.bin' })), 'file-not-found')
    }),
)

test('a key sees and completes the uploads of its own place alone, and needs the right to share', () =>
  withClient(async (hp, server) => {
    const { upload } = await hp.uploads.create({ path: 'acme/a/1', size: 1 })
    const keyOf = async (scope: object): Promise<Hallpass> => {
      const { key } = await hp.apiKeys.create({
        name: 'narrow',
        actions: ['read', 'write', 'share'],
        ...scope,
      })
      return createHallpass({ url: server.origin, key, retries: 0 })
    }
    const other = await keyOf({ pathPrefix: 'acme/b/' })
    assert.equal(await codeOf(other.uploads.get({ id: upload.id })), 'upload-not-found')
    assert.equal(await codeOf(other.uploads.abort({ id: upload.id })), 'upload-not-found')
    assert.equal(await codeOf(other.uploads.create({ path: 'acme/a/2', size: 1 })), 'forbidden')
    const writer = await keyOf({ actions: ['write'] })
    assert.equal(await codeOf(writer.uploads.create({ path: 'acme/a/3', size: 1 })), 'forbidden')
    const reader = await keyOf({ actions: ['read'] })
    assert.equal(await codeOf(reader.uploads.get({ id: upload.id })), 'forbidden')
  }))

test('the policy of a folder binds an upload before its first byte', () =>
  withClient(async (hp) => {
    const policy = { maxBytes: 100, contentTypes: ['image/*'], maxUploadSeconds: 600 }
    await hp.folders.put({ path: 'acme/images', policy })
    const begin = (change: object): ReturnType<Hallpass['uploads']['create']> =>
      hp.uploads.create({ path: 'acme/images/a.png', size: 10, ...change })
    assert.equal(await codeOf(begin({ size: 101 })), 'file-too-large')
    assert.equal(await codeOf(begin({ contentType: 'text/html' })), 'content-type-not-allowed')
    assert.equal(await codeOf(begin({ expiresIn: 601 })), 'expiry-too-long')
    const { upload, requests } = await begin({})
    assert.ok(Date.parse(upload.expiresAt) - Date.now() <= 601_000)
    assert.ok((await send(only(requests), bytesOf(10))).ok)
  }))
