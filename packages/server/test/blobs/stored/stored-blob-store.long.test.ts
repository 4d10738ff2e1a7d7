import { after } from 'node:test'
import { blobStoreSuite } from '../../suites/blob-store-suite.ts'
import { openS3Store, startOwnServer } from '../../stores/s3/s3-fixture.ts'
import { createStoredFixture } from './stored-fixture.ts'

const own = await startOwnServer()
after(() => own.server.stop())

blobStoreSuite('blobs in S3, which is Hallpass itself', () =>
  Promise.resolve(createStoredFixture(openS3Store(own))),
)
