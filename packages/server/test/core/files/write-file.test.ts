import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import type { Checksum } from '../../../src/catalog/records.ts'
import type { Caller } from '../../../src/core/identity.ts'
import { isRefusal } from '../../../src/core/errors.ts'
import { openFile } from '../../../src/core/files/open-file.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import type { WriteFileRequest, WrittenFile } from '../../../src/core/files/write-file.ts'
import { MAX_PUT_BYTES } from '../../../src/platform/s3-limits.ts'
import { authorize } from '../../../src/core/policy/authorize.ts'
import { INLINE_BYTES } from '../../../src/trees/managed/rest-body.ts'
import {
  admin,
  allow,
  anonymous,
  createTestCore,
  principalWith,
  put,
  setFolder,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

const signal = new AbortController().signal

async function write(
  core: TestCore,
  [caller, key]: readonly [Caller, string],
  change: Partial<WriteFileRequest>,
  ...chunks: readonly Uint8Array[]
): Promise<WrittenFile> {
  const permit = await allow(core, caller, 'write', key)
  return writeFile(core, permit, writeRequest(change), { body: streamOf(...chunks), signal })
}

async function read(core: TestCore, key: string): Promise<Buffer> {
  const request = { range: null, conditions: {}, withBody: true }
  const { body } = await openFile(core, await allow(core, admin, 'read', key), request, signal)
  if (body?.kind === 'bytes') return Buffer.from(body.bytes)
  assert.ok(body?.kind === 'reader')
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

function find(core: TestCore, key: string): ReturnType<TestCore['files']['find']> {
  return core.files.find({ bucket: 'acme', key })
}

test('small and large bodies come back byte for byte, with their digests', async () => {
  const core = await createTestCore()
  for (const size of [0, 1, INLINE_BYTES, INLINE_BYTES + 1, 3_000_000]) {
    const bytes = Buffer.alloc(size, `${size}.`)
    const { file } = await write(core, [admin, `f${size}`], {}, bytes)
    assert.equal(file.size, size)
    assert.equal(file.etag, hash('md5', bytes))
    const sha256: Checksum = {
      algorithm: 'sha256',
      type: 'full-object',
      value: hash('sha256', bytes, 'base64'),
    }
    assert.deepEqual(file.checksums[0], sha256)
    assert.deepEqual(file.checksums[1]?.algorithm, 'crc64nvme')
    assert.equal(file.content.kind, size <= INLINE_BYTES ? 'inline' : 'blob')
    assert.deepEqual(await read(core, `f${size}`), bytes)
  }
})

test('a body in many pieces is one file, and a later change of the caller’s buffer does not reach it', async () => {
  const core = await createTestCore()
  const piece = Buffer.from('abc')
  const { digests } = await write(core, [admin, 'pieces'], {}, piece, piece, piece)
  assert.equal(Buffer.from(digests.get('md5') ?? []).toString('hex'), hash('md5', 'abcabcabc'))
  piece.fill('x')
  assert.equal((await read(core, 'pieces')).toString(), 'abcabcabc')
  const single = Buffer.from('only')
  await write(core, [admin, 'single'], {}, single)
  single.fill('x')
  assert.equal((await read(core, 'single')).toString(), 'only')
})

test('an overwrite keeps the id and the creation time and gives the old content up', async () => {
  const core = await createTestCore()
  const { file: first } = await put(core, 'a', 'one')
  core.clock.advance(5000)
  const { file: second, replaced } = await put(core, 'a', 'two')
  assert.equal(replaced, true)
  assert.equal(second.id, first.id)
  assert.equal(second.createdAt, first.createdAt)
  assert.notEqual(second.content.contentId, first.content.contentId)
  core.clock.advance(1)
  const due = await core.catalog.sweep.due(core.clock.now(), 'inline', 10)
  assert.deepEqual(due, [first.content.contentId])
})

test('a body over the folder’s limit is stopped where it crosses it, and nothing is written', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme/small/', { policy: { maxBytes: 100_000 } })
  let pulled = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      pulled += 10_000
      yield await Promise.resolve(Buffer.alloc(10_000))
    }
  }
  const permit = await allow(core, admin, 'write', 'small/x')
  const writing = writeFile(core, permit, writeRequest(), { body: endless(), signal })
  await assert.rejects(writing, { code: 'file-too-large', details: { maxBytes: 100_000 } })
  assert.ok(pulled <= 120_000, `${pulled} bytes were pulled`)
  assert.equal(await find(core, 'small/x'), null)
  assert.equal(await blobCount(core), 0)
})

test('what can be refused without the body is refused before a byte is asked for', async () => {
  const core = await createTestCore()
  await put(core, 'there', 'x')
  const permit = await allow(core, admin, 'write', 'there')
  async function* untouchable(): AsyncGenerator<Uint8Array> {
    yield await Promise.reject(new Error('the body was asked for'))
  }
  for (const [change, code] of [
    [{ contentLength: MAX_PUT_BYTES + 1 }, 'file-too-large'],
    [{ contentType: 'image/png;, text/html' }, 'field-invalid'],
    [{ ifAbsent: true }, 'precondition-failed'],
  ] as const) {
    const writing = writeFile(core, permit, writeRequest(change), { body: untouchable(), signal })
    await assert.rejects(writing, { code })
  }
})

test('a body shorter or longer than announced is refused, small or large', async () => {
  const core = await createTestCore()
  for (const size of [10, 200_000]) {
    for (const contentLength of [size - 1, size + 1]) {
      await assert.rejects(write(core, [admin, 'x'], { contentLength }, Buffer.alloc(size)), {
        code: 'body-incomplete',
      })
    }
  }
  assert.equal(await find(core, 'x'), null)
  assert.equal(await blobCount(core), 0)
})

test('a digest that is not the body’s refuses it, and the version before stays', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'before')
  for (const size of [10, 200_000]) {
    const expected = () =>
      [{ algorithm: 'crc32', value: Buffer.alloc(4), check: 'x-amz-checksum-crc32' }] as const
    const change = { checksums: ['crc32'], expected } as const
    await assert.rejects(
      write(core, [admin, 'x'], change, Buffer.alloc(size, 1)),
      (error) =>
        isRefusal(error, 'digest-mismatch') && error.details.check === 'x-amz-checksum-crc32',
    )
  }
  assert.equal((await read(core, 'x')).toString(), 'before')
  assert.equal(await blobCount(core), 0)
})

test('conditions hold inside the commit: create only, and compare and swap', async () => {
  const core = await createTestCore()
  const racers = Array.from({ length: 8 }, (_, index) =>
    write(core, [admin, 'once'], { ifAbsent: true }, Buffer.from(`${index}`)),
  )
  const outcomes = await Promise.allSettled(racers)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  await assert.rejects(write(core, [admin, 'once'], { ifEtag: '0'.repeat(32) }, Buffer.from('z')), {
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
    const permit = await allow(core, admin, 'write', 'gone')
    const request = writeRequest({ contentLength: 200_000 })
    await assert.rejects(writeFile(core, permit, request, { body: broken(), signal }), /aborted/)
  }
  assert.equal(await find(core, 'gone'), null)
  assert.equal(await blobCount(core), 0)
})

test('nobody writes without the right, outside the key’s folder, or into a missing bucket', async () => {
  const core = await createTestCore()
  const body = Buffer.from('x')
  const attempts: [Caller, string, string][] = [
    [anonymous, 'x', 'unauthenticated'],
    [principalWith({ actions: ['read'] }), 'x', 'forbidden'],
    [principalWith({ actions: ['write'], pathPrefix: 'acme/team1/' }), 'team10/x', 'forbidden'],
    [principalWith({ actions: ['write'], cidrs: ['198.51.100.0/24'] }), 'x', 'forbidden'],
  ]
  for (const [caller, key, code] of attempts) {
    await assert.rejects(write(core, [caller, key], {}, body), { code })
  }
  const nowhere = await authorize(core, admin, 'write', { bucket: 'nowhere', key: 'x' })
  const writing = writeFile(core, nowhere, writeRequest(), { body: streamOf(body), signal })
  await assert.rejects(writing, { code: 'bucket-not-found' })
  assert.equal(await find(core, 'x'), null)
})

test('a first upload makes its bucket, and one that is refused leaves none', async () => {
  const core = await createTestCore()
  const attempt = async (
    change: Partial<WriteFileRequest>,
    caller: Caller = admin,
  ): Promise<unknown> =>
    writeFile(
      core,
      await authorize(core, caller, 'write', { bucket: 'fresh', key: 'team/x' }),
      writeRequest({ makesBucket: true, ...change }),
      { body: streamOf(Buffer.from('hello')), signal },
    )
  const mismatch = () =>
    [{ algorithm: 'md5', value: Buffer.alloc(16), check: 'content-md5' }] as const
  await assert.rejects(attempt({ ifEtag: '0'.repeat(32) }), { code: 'precondition-failed' })
  await assert.rejects(attempt({ expected: mismatch }), { code: 'digest-mismatch' })
  await assert.rejects(attempt({ contentLength: 4 }), { code: 'body-incomplete' })
  const narrow = principalWith({ actions: ['write'], pathPrefix: 'fresh/team/' })
  await assert.rejects(attempt({}, narrow), {
    code: 'bucket-not-found',
    message:
      'There is no bucket fresh, and this key may not make it: it writes under fresh/team/ only.',
  })
  assert.equal(await core.catalog.buckets.find('fresh'), null)
  await attempt({ ifAbsent: true })
  assert.notEqual(await core.catalog.buckets.find('fresh'), null)
})

test('a type that a browser could read as another one is refused at the door', async () => {
  const core = await createTestCore()
  for (const contentType of ['image/png;, text/html', 'image', 'image/png, text/html']) {
    await assert.rejects(write(core, [admin, 'x.png'], { contentType }, Buffer.from('x')), {
      code: 'field-invalid',
      details: {
        field: 'Content-Type',
        reason: 'it must be one media type such as text/plain; charset=utf-8',
      },
    })
  }
  const { file } = await write(core, [admin, 'x'], { contentType: 'Text/Plain;charset=UTF-8' })
  assert.equal(file.contentType, 'Text/Plain;charset=UTF-8')
})
