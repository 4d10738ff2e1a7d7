/** What few stores or few objects need. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../../src/platform/clock.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createSecret } from '../../../src/platform/secret.ts'
import { copyObject } from '../../../src/stores/s3/copy-object.ts'
import { createS3Calls } from '../../../src/stores/s3/s3-calls.ts'
import type { S3StoreOptions } from '../../../src/stores/s3/s3-calls.ts'
import { givenCredentials } from '../../../src/stores/s3/s3-credentials.ts'
import { parseS3Location } from '../../../src/stores/s3/s3-location.ts'
import { createS3ObjectStore } from '../../../src/stores/s3/s3-store.ts'
import { createS3Uploads } from '../../../src/stores/s3/uploads.ts'
import {
  failAfter,
  inChunks,
  readAll,
  rejectsWith,
  sampleBytes,
} from '../../suites/blob-store-suite.ts'
import { NO_HEADERS } from '../../suites/object-store-suite.ts'
import { openS3Store, startOwnServer } from './s3-fixture.ts'

const own = await startOwnServer()
after(() => own.server.stop())

const { signal } = new AbortController()
const ALL = { range: null, etag: null, signal }
const FREELY = { size: null, headers: NO_HEADERS, condition: null, signal }

function optionsFor(prefix: string, origin: string): S3StoreOptions {
  const { accessKeyId, secretAccessKey } = own.credentials
  return {
    location: parseS3Location(`s3://${own.bucket}/${prefix}?endpoint=${origin}`),
    credentials: givenCredentials({ accessKeyId, secretAccessKey: createSecret(secretAccessKey) }),
    mayConnect: null,
    onSample: () => undefined,
    clock: systemClock,
    random: systemRandom,
  }
}

describe('ways of S3', () => {
  for (const checksums of ['md5', 'none']) {
    test(`with checksums=${checksums} objects come and go`, async () => {
      const store = openS3Store(own, `&checksums=${checksums}`)
      for (const size of [1000, 9_000_000]) {
        const bytes = sampleBytes(size)
        await store.write('key', inChunks(bytes, 60_000), FREELY)
        const opened = await store.open('key', ALL)
        assert.ok(opened !== null && (await readAll(opened.reader)).equals(bytes))
      }
      await store.close()
    })
  }

  test('what is too large for one copy is copied in parts, with what is kept with it', async () => {
    const calls = createS3Calls(optionsFor('copied', own.origin))
    const store = createS3ObjectStore(optionsFor('copied', own.origin))
    const bytes = sampleBytes(13_000_000)
    const headers = { ...NO_HEADERS, contentType: 'text/csv', metadata: { colour: 'blue' } }
    await store.write('from', inChunks(bytes, 60_000), { ...FREELY, headers })
    const copying = { from: 'from', to: 'to', atOnceBytes: 6_000_000 }
    const copied = await copyObject(calls, createS3Uploads(calls), copying, {
      headers: null,
      etag: null,
      condition: null,
      signal,
    })
    assert.equal(copied?.size, bytes.length)
    assert.match(copied?.etag ?? '', /-3$/)
    const opened = await store.open('to', ALL)
    assert.ok(opened !== null && (await readAll(opened.reader)).equals(bytes))
    assert.equal(opened.head.contentType, 'text/csv')
    assert.deepEqual(opened.head.metadata, { colour: 'blue' })
    await store.close()
    await calls.close()
  })

  test('a part too large to be held passes through, and a body that fails is no part', async () => {
    const store = openS3Store(own)
    const { uploads } = store
    const bytes = sampleBytes(17_000_000)
    const upload = { key: 'key', uploadId: await uploads.create('key', NO_HEADERS) }
    const part = { number: 1, size: bytes.length, signal }
    const failing = failAfter(bytes.subarray(0, 9_000_000), new Error('the client went away'))
    await assert.rejects(uploads.writePart(upload, part, failing), /the client went away/)
    const written = await uploads.writePart(upload, part, inChunks(bytes, 60_000))
    assert.ok(written !== null)
    await uploads.complete(upload, [written], null)
    const opened = await store.open('key', ALL)
    assert.ok(opened !== null && (await readAll(opened.reader)).equals(bytes))
    await store.close()
  })

  test('an address that may not be connected to is not, by its number or by a name', async () => {
    const { port } = new URL(own.origin)
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const store = createS3ObjectStore({
        ...optionsFor('refused', `http://${host}:${port}`),
        mayConnect: () => false,
      })
      await rejectsWith('unavailable', store.stat('key'))
      await assert.rejects(
        store.stat('key'),
        /leads to an address that this server may not connect/,
      )
      await store.close()
    }
  })
})
