/** Files whose bytes are hashed by a thread: what ends an upload ends what the thread does for it. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, test } from 'node:test'
import { createDigestThreads } from '../../../src/core/files/digest-threads.ts'
import type { DigestThreads } from '../../../src/core/files/digest-threads.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import type { WriteFileRequest, WrittenFile } from '../../../src/core/files/write-file.ts'
import { createByteThreads } from '../../../src/platform/byte-threads.ts'
import type { CountingResult, CountingTask } from '../../support/counting-thread.ts'
import {
  admin,
  allow,
  createTestCore,
  setFolder,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { openAt, send } from '../uploads/upload-fixture.ts'

const MIB = 1024 * 1024
const BYTES = Buffer.alloc(2 * MIB, 'what is in a large file ')
const { signal: NEVER } = new AbortController()

const threads = createByteThreads<CountingTask, CountingResult>(
  new URL('../../support/counting-thread.ts', import.meta.url),
  1,
)
const digestThreads = createDigestThreads(threads as Parameters<typeof createDigestThreads>[0])
after(() => threads.close())

async function createCore(): Promise<TestCore> {
  const { begin: beginDigests }: DigestThreads = digestThreads
  return { ...(await createTestCore()), beginDigests }
}

async function write(
  core: TestCore,
  change: Partial<WriteFileRequest>,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal = NEVER,
): Promise<WrittenFile> {
  const permit = await allow(core, admin, 'write', 'a')
  return writeFile(core, permit, writeRequest(change), { body, signal })
}

async function assertNothingLeft(core: TestCore): Promise<void> {
  assert.equal(await core.files.find({ bucket: 'acme', key: 'a' }), null)
  for await (const blob of core.blobs.list()) assert.fail(`${blob.blobId} is still there`)
  assert.deepEqual(await threads.open(['count']).finish(), [0])
}

function chunks(): Uint8Array[] {
  return Array.from({ length: 32 }, (_, at) =>
    Uint8Array.from(BYTES.subarray(at * 65_536, (at + 1) * 65_536)),
  )
}

test('a large file has its digests, and one with another digest than its own is refused', async () => {
  const core = await createCore()
  const wrong = { algorithm: 'sha256', value: new Uint8Array(32), check: 'a header' } as const
  const contentLength = BYTES.length
  await assert.rejects(
    write(core, { contentLength, expected: () => [wrong] }, streamOf(...chunks())),
    { code: 'digest-mismatch' },
  )
  await assertNothingLeft(core)
  const right = { ...wrong, value: hash('sha256', BYTES, 'buffer') }
  const request = { contentLength, expected: () => [right] }
  const { file, digests } = await write(core, request, streamOf(...chunks()))
  assert.equal(file.etag, hash('md5', BYTES))
  assert.deepEqual([...digests.keys()].toSorted(), ['crc64nvme', 'md5', 'sha256'])
})

test('bodies that end too early, too late or not at all leave nothing', async () => {
  const core = await createCore()
  await setFolder(core, 'acme/', { policy: { maxBytes: 3 * MIB } })
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield await Promise.resolve(new Uint8Array(65_536))
  }
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* streamOf(...chunks())
    throw new Error('the client is too slow')
  }
  async function* stuck(stop: AbortController): AsyncGenerator<Uint8Array> {
    yield* streamOf(...chunks())
    setImmediate(() => stop.abort())
    await new Promise(() => undefined)
  }
  for (let round = 0; round < 10; round += 1) {
    const longer = { contentLength: BYTES.length + 1 }
    const shorter = { contentLength: BYTES.length - 1 }
    const stop = new AbortController()
    await assert.rejects(write(core, {}, endless()), { code: 'file-too-large' })
    await assert.rejects(write(core, {}, broken()), /too slow/)
    await assert.rejects(write(core, longer, streamOf(...chunks())), {
      code: 'body-incomplete',
    })
    await assert.rejects(write(core, shorter, streamOf(...chunks())), {
      code: 'body-incomplete',
    })
    await assert.rejects(write(core, {}, stuck(stop), stop.signal), { name: 'AbortError' })
    // Before a byte went to the disk, and before anybody asked for more.
    await assert.rejects(write(core, {}, streamOf(...chunks()), AbortSignal.abort()), {
      name: 'AbortError',
    })
  }
  await assertNothingLeft(core)
})

test('the blob of a part is known by its SHA-256, which is computed once', async () => {
  const core = await createCore()
  const scene = { core, key: 'a' }
  const { id } = await openAt(scene)
  const part = await send(scene, id, { number: 1, bytes: Uint8Array.from(BYTES) })
  assert.deepEqual(
    part.checksums.map(({ algorithm }) => algorithm),
    ['crc64nvme'],
  )
  const [blob] = await core.catalog.scrub.blobs(0, 10)
  assert.equal(blob?.sha256, hash('sha256', BYTES, 'base64'))
})

test('a thread that ends in the middle fails the upload, and the next one is as always', async () => {
  const core = await createCore()
  async function* until(): AsyncGenerator<Uint8Array> {
    yield* streamOf(...chunks())
    threads.open(['exit'])
    for (;;) yield await Promise.resolve(new Uint8Array(65_536))
  }
  await assert.rejects(write(core, {}, until()), /The thread .* ended with 3/)
  await assertNothingLeft(core)
  const { file } = await write(core, {}, streamOf(...chunks()))
  assert.equal(file.etag, hash('md5', BYTES))
})
