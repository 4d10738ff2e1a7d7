import { after } from 'node:test'
import { objectStoreSuite } from '../../suites/object-store-suite.ts'
import { openS3Store, startOwnServer } from './s3-fixture.ts'

const own = await startOwnServer()
after(() => own.server.stop())

objectStoreSuite('S3, which is Hallpass itself', () =>
  Promise.resolve({ store: openS3Store(own), dispose: () => Promise.resolve() }),
)
