import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { systemRandom } from '../../../src/platform/random.ts'
import { createStoredBlobStore } from '../../../src/blobs/stored/stored-blob-store.ts'
import { NO_HEADERS } from '../../suites/object-store-suite.ts'
import { blobStoreSuite, inChunks } from '../../suites/blob-store-suite.ts'
import { openS3Store, startOwnServer } from '../../stores/s3/s3-fixture.ts'
import { createStoredFixture } from './stored-fixture.ts'

const own = await startOwnServer()
after(() => own.server.stop())

blobStoreSuite('blobs in S3, which is Hallpass itself', () =>
  Promise.resolve(createStoredFixture(openS3Store(own))),
)

test('an upload that another server may be writing is left alone, and so is what it just wrote', async () => {
  const store = openS3Store(own)
  const blobs = createStoredBlobStore(store, systemRandom)
  await store.uploads.create('blobs/00/AAAAAAAAAAAAAAAA', NO_HEADERS)
  assert.equal(await blobs.removeLeftovers(Date.now()), 0)
  assert.equal(await blobs.removeLeftovers(Date.now() + 3 * 86_400_000), 1)
  assert.equal(await blobs.removeLeftovers(Number.POSITIVE_INFINITY), 0)
  const { signal } = new AbortController()
  await blobs.write('AAAAAAAAAAAAAAAA', inChunks(Buffer.from('x'), 1), { size: 1, signal })
  const found = await blobs.stat('AAAAAAAAAAAAAAAA')
  assert.ok((found?.writtenAtMs ?? 0) > Date.now() + 86_400_000)
  await store.close()
})
