import { createMemoryBlobStore } from '../../../src/blobs/memory/memory-blob-store.ts'
import { blobStoreSuite } from '../../suites/blob-store-suite.ts'

blobStoreSuite('memory blobs', async () => {
  const store = createMemoryBlobStore()
  return {
    store,
    countTemporary: async () => 0,
    damage: async (blobId, how) => store.damage(blobId, how),
    dispose: async () => undefined,
  }
})
