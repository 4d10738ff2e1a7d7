import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import type { Caller } from '../../../src/core/identity.ts'
import { openFile } from '../../../src/core/files/open-file.ts'
import { admitWrite, writeFile } from '../../../src/core/files/write-file.ts'
import type { WriteFileRequest } from '../../../src/core/files/write-file.ts'
import { putFolder } from '../../../src/core/folders/folders.ts'
import { INLINE_BLOB_BYTES, MAX_PUT_BYTES } from '../../../src/core/limits.ts'
import { issueLink } from '../../../src/core/links/issue-link.ts'
import { revokeLink } from '../../../src/core/links/links.ts'
import {
  admin,
  anonymous,
  createTestCore,
  linkWith,
  principalWith,
  put,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

const signal = new AbortController().signal

function write(
  core: TestCore,
  caller: Caller,
  request: WriteFileRequest,
  ...chunks: readonly Uint8Array[]
): ReturnType<typeof writeFile> {
  return writeFile(core, caller, request, { body: streamOf(...chunks), signal })
}

async function read(core: TestCore, key: string): Promise<Buffer> {
  const request = { bucket: 'acme', key, range: null, conditions: {}, withBody: true }
  const { body } = await openFile(core, admin, request, signal)
  if (body?.kind === 'bytes') return Buffer.from(body.bytes)
  assert.ok(body !== null)
  const whole: Buffer[] = []
  for (;;) {
    const buffer = Buffer.alloc(65_536)
    const count = await body.reader.readInto(buffer)
    if (count === 0) break
    whole.push(buffer.subarray(0, count))
  }
  await body.reader.close()
  return Buffer.concat(whole)
}

async function blobCount(core: TestCore): Promise<number> {
  let count = 0
  for await (const blob of core.blobs.list()) count += blob.blobId === '' ? 0 : 1
  return count
}

test('small and large bodies come back byte for byte, with their digests', async () => {
  const core = await createTestCore()
  for (const size of [0, 1, INLINE_BLOB_BYTES, INLINE_BLOB_BYTES + 1, 3_000_000]) {
    const bytes = Buffer.alloc(size, `${size}.`)
    const { file } = await write(core, admin, writeRequest(`f${size}`), bytes)
    assert.equal(file.size, size)
    assert.equal(file.etag, hash('md5', bytes))
    assert.equal(file.sha256, hash('sha256', bytes))
    assert.equal(file.isInline, size <= INLINE_BLOB_BYTES)
    assert.deepEqual(await read(core, `f${size}`), bytes)
  }
})

test('a body in many pieces is one file, and a later change of the caller’s buffer does not reach it', async () => {
  const core = await createTestCore()
  const piece = Buffer.from('abc')
  await write(core, admin, writeRequest('pieces'), piece, piece, piece)
  piece.fill('x')
  assert.equal((await read(core, 'pieces')).toString(), 'abcabcabc')
  const single = Buffer.from('only')
  await write(core, admin, writeRequest('single'), single)
  single.fill('x')
  assert.equal((await read(core, 'single')).toString(), 'only')
})

test('an overwrite keeps the id and the creation time and queues the old blob', async () => {
  const core = await createTestCore()
  const { file: first } = await put(core, 'a', 'one')
  core.clock.advance(5000)
  const { file: second, replaced } = await put(core, 'a', 'two')
  assert.equal(replaced, true)
  assert.equal(second.id, first.id)
  assert.equal(second.createdAt, first.createdAt)
  assert.notEqual(second.blobId, first.blobId)
  core.clock.advance(1)
  const due = await core.catalog.sweep.due(core.clock.now(), true, 10)
  assert.deepEqual(due, [first.blobId])
})

test('a body over the folder’s limit is stopped where it crosses it, and nothing is written', async () => {
  const core = await createTestCore()
  await putFolder(core, admin, {
    path: 'acme/small/',
    visibility: null,
    policy: { maxBytes: 100_000 },
  })
  let pulled = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      pulled += 10_000
      yield await Promise.resolve(Buffer.alloc(10_000))
    }
  }
  const writing = writeFile(core, admin, writeRequest('small/x'), { body: endless(), signal })
  await assert.rejects(writing, { code: 'file-too-large', details: { maxBytes: 100_000 } })
  assert.ok(pulled <= 120_000, `${pulled} bytes were pulled`)
  assert.equal(await core.catalog.files.find('acme', 'small/x'), null)
  assert.equal(await blobCount(core), 0)
})

test('an announced size is refused before a byte is asked for', async () => {
  const core = await createTestCore()
  const request = writeRequest('x', { contentLength: MAX_PUT_BYTES + 1 })
  await assert.rejects(admitWrite(core, admin, request), { code: 'file-too-large' })
})

test('a body shorter or longer than announced is refused, small or large', async () => {
  const core = await createTestCore()
  for (const size of [10, 200_000]) {
    for (const announced of [size - 1, size + 1]) {
      const request = writeRequest('x', { contentLength: announced })
      await assert.rejects(write(core, admin, request, Buffer.alloc(size)), {
        code: 'body-incomplete',
      })
    }
  }
  assert.equal(await core.catalog.files.find('acme', 'x'), null)
  assert.equal(await blobCount(core), 0)
})

test('a digest that is not the body’s refuses it, and the version before stays', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'before')
  for (const size of [10, 200_000]) {
    const expected = () =>
      [{ algorithm: 'crc32', value: Buffer.alloc(4), check: 'x-amz-checksum-crc32' }] as const
    const request = writeRequest('x', { checksums: ['crc32'], expected })
    await assert.rejects(write(core, admin, request, Buffer.alloc(size, 1)), {
      code: 'digest-mismatch',
      details: { check: 'x-amz-checksum-crc32' },
    })
  }
  assert.equal((await read(core, 'x')).toString(), 'before')
  assert.equal(await blobCount(core), 0)
})

test('conditions hold inside the commit: create only, and compare and swap', async () => {
  const core = await createTestCore()
  const racers = Array.from({ length: 8 }, (_, index) =>
    write(core, admin, writeRequest('once', { ifAbsent: true }), Buffer.from(`${index}`)),
  )
  const outcomes = await Promise.allSettled(racers)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  const wrongEtag = writeRequest('once', { ifEtag: '0'.repeat(32) })
  await assert.rejects(write(core, admin, wrongEtag, Buffer.from('z')), {
    code: 'precondition-failed',
  })
})

test('a client that vanishes leaves nothing behind', async () => {
  const core = await createTestCore()
  for (const at of [1, 100_000, 199_999]) {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.alloc(at))
      throw new Error('aborted')
    }
    const request = writeRequest('gone', { contentLength: 200_000 })
    await assert.rejects(writeFile(core, admin, request, { body: broken(), signal }), /aborted/)
  }
  assert.equal(await core.catalog.files.find('acme', 'gone'), null)
  assert.equal(await blobCount(core), 0)
})

test('nobody writes without the right, outside the key’s folder, or into a missing bucket', async () => {
  const core = await createTestCore()
  const body = Buffer.from('x')
  const attempts: [Caller, WriteFileRequest, string][] = [
    [anonymous, writeRequest('x'), 'unauthenticated'],
    [principalWith({ actions: ['read'] }), writeRequest('x'), 'forbidden'],
    [
      principalWith({ actions: ['write'], pathPrefix: 'acme/team1/' }),
      writeRequest('team10/x'),
      'forbidden',
    ],
    [
      principalWith({ actions: ['write'], cidrs: ['198.51.100.0/24'] }),
      writeRequest('x'),
      'forbidden',
    ],
    [admin, writeRequest('x', { bucket: 'nowhere' }), 'bucket-not-found'],
  ]
  for (const [caller, request, code] of attempts) {
    await assert.rejects(write(core, caller, request, body), { code })
  }
  assert.equal(await core.catalog.files.find('acme', 'x'), null)
})

test('an upload link binds type and size, counts its use with the commit, and dies when revoked', async () => {
  const core = await createTestCore()
  const { id } = await issueLink(core, admin, {
    bucket: 'acme',
    key: 'in.png',
    method: 'PUT',
    maxUses: 1,
    maxBytes: 100,
    contentTypes: ['image/*'],
  })
  const link = linkWith(core, { method: 'PUT', grantId: id })
  const image = { contentType: 'image/png' }
  const attempt = (change: Partial<WriteFileRequest>, size: number): ReturnType<typeof writeFile> =>
    write(core, link, writeRequest('in.png', change), Buffer.alloc(size))
  await assert.rejects(attempt({ contentType: 'text/html' }, 5), {
    code: 'content-type-not-allowed',
  })
  await assert.rejects(attempt(image, 101), { code: 'file-too-large' })
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  await attempt(image, 100)
  await assert.rejects(attempt(image, 100), { code: 'link-used' })

  const second = await issueLink(core, admin, { bucket: 'acme', key: 'in2', method: 'PUT' })
  await revokeLink(core, admin, second.id)
  const revoked = linkWith(core, { method: 'PUT', grantId: second.id })
  await assert.rejects(write(core, revoked, writeRequest('in2'), Buffer.from('x')), {
    code: 'link-revoked',
  })
})
