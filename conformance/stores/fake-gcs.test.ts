/** The driver of Google Cloud Storage, and blobs in it, over fake-gcs-server. */
import { after, before, describe } from 'node:test'
import { createStoredFixture } from '../../packages/server/test/blobs/stored/stored-fixture.ts'
import { blobStoreSuite } from '../../packages/server/test/suites/blob-store-suite.ts'
import { objectStoreSuite } from '../../packages/server/test/suites/object-store-suite.ts'
import { newGcsUrl, openGcsStoreAt } from '../../packages/server/test/stores/gcs/gcs-fixture.ts'
import { startFakeGcs, whyNoFakeGcs } from '../lib/fake-gcs.ts'
import type { FakeGcs } from '../lib/fake-gcs.ts'

describe('fake-gcs-server', { skip: whyNoFakeGcs() }, () => {
  let gcs: FakeGcs
  before(async () => {
    gcs = await startFakeGcs()
  })
  after(() => gcs.stop())

  const lacks = { responseHeaders: 'it sends what is kept with the object' }
  objectStoreSuite('Google Cloud Storage, which is fake-gcs-server', () =>
    Promise.resolve({
      store: openGcsStoreAt(newGcsUrl(gcs)),
      lacks,
      dispose: () => Promise.resolve(),
    }),
  )
  blobStoreSuite('blobs in fake-gcs-server', () =>
    Promise.resolve(createStoredFixture(openGcsStoreAt(newGcsUrl(gcs)))),
  )
})
