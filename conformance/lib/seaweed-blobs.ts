/** Blobs in the SeaweedFS of this process. */
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { openS3Store } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import { seaweedOfProcess } from './seaweed-of-process.ts'
import type { TestBlobs } from './start-server.ts'
import type { ObjectStore } from '../../packages/server/src/stores/object-store.ts'

/** Below a prefix of its own. */
export async function openSeaweedBlobs(): Promise<TestBlobs> {
  const store = openS3Store(await seaweedOfProcess())
  const blobs = createStoredBlobStore(store, systemRandom)
  return { blobs, listBytes: () => listObjects(store) }
}

async function listObjects(store: ObjectStore): Promise<string[]> {
  const names: string[] = []
  for (let isLast = false; !isLast;) {
    const after = names.at(-1) ?? ''
    const page = await store.list({ prefix: '', delimiter: null, after, limit: 1000 })
    names.push(...page.objects.map(({ key }) => key))
    ;({ isLast } = page)
  }
  for await (const { key, uploadId } of store.uploads.leftovers?.list('') ?? []) {
    names.push(`${key} ${uploadId}`)
  }
  return names.toSorted()
}
