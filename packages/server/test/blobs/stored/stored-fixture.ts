import { systemRandom } from '../../../src/platform/random.ts'
import { createStoredBlobStore } from '../../../src/blobs/stored/stored-blob-store.ts'
import type { ObjectStore } from '../../../src/stores/object-store.ts'
import { NO_HEADERS } from '../../suites/object-store-suite.ts'
import type { BlobStoreFixture } from '../../suites/blob-store-suite.ts'

/** Blobs in a store below a prefix of its own. */
export function createStoredFixture(store: ObjectStore): BlobStoreFixture {
  return {
    store: createStoredBlobStore(store, systemRandom),
    countTemporary: async () => {
      let count = 0
      for await (const { key } of store.uploads.leftovers?.list('') ?? []) count += key === '' ? 0 : 1
      return count
    },
    damage: async (blobId, how) => {
      const { objects } = await store.list({ prefix: '', delimiter: null, after: '', limit: 100 })
      const found = objects.find(({ key }) => key.endsWith(`/${blobId}`))
      if (found === undefined) throw new Error(`there is no blob ${blobId}`)
      await store.delete(found.key)
      if (how === 'remove') return
      const signal = new AbortController().signal
      const options = { size: 1, headers: NO_HEADERS, condition: null, signal }
      await store.write(found.key, oneByte(), options)
    },
    dispose: () => Promise.resolve(),
  }
}

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Uint8Array.of(1))
}
