import { blobStoreSuite } from '../../suites/blob-store-suite.ts'
import { createDiskFixture } from './disk-fixture.ts'

blobStoreSuite('disk blobs', async () => createDiskFixture())
