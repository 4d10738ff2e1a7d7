/** The driver of S3, and blobs in it, over SeaweedFS. */
import { after, before, describe } from 'node:test'
import { createStoredFixture } from '../../packages/server/test/blobs/stored/stored-fixture.ts'
import { blobStoreSuite } from '../../packages/server/test/suites/blob-store-suite.ts'
import { objectStoreSuite } from '../../packages/server/test/suites/object-store-suite.ts'
import { openS3Store } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import { startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'
import type { Seaweed } from '../lib/seaweed.ts'

describe('SeaweedFS', { skip: whyNoSeaweed() }, () => {
  let seaweed: Seaweed
  before(async () => {
    seaweed = await startSeaweed()
  })
  after(() => seaweed.stop())

  const lacks = {
    unwrittenKeys: ['tail/'],
    replacedParts: 'it lists each of the two that were sent',
  }
  objectStoreSuite('S3, which is SeaweedFS', () =>
    Promise.resolve({ store: openS3Store(seaweed), lacks, dispose: () => Promise.resolve() }),
  )
  blobStoreSuite('blobs in SeaweedFS', () =>
    Promise.resolve(createStoredFixture(openS3Store(seaweed))),
  )
})
