/** Blobs in the SeaweedFS of this process. */
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import type { ObjectStore } from '../../packages/server/src/stores/object-store.ts'
import { openS3StoreAt } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import { inStore } from '../crash/blob-place.ts'
import { seaweedOfProcess } from './seaweed-of-process.ts'
import type { TestBlobs } from './test-stores.ts'

/** Says whose the blobs are; only servers with a life of their own write it. */
const MARKER = 'hallpass.json'

/** Below a prefix of its own. */
export async function openSeaweedBlobs(): Promise<TestBlobs> {
  const seaweed = await seaweedOfProcess()
  const { env } = inStore(seaweed)
  const store = openS3StoreAt(seaweed, env['HALLPASS_BLOBS'] ?? '')
  const blobs = createStoredBlobStore(store, systemRandom)
  return { blobs, listBytes: () => listObjects(store), env }
}

async function listObjects(store: ObjectStore): Promise<string[]> {
  const names: string[] = []
  let after = ''
  for (let isLast = false; !isLast;) {
    const page = await store.list({ prefix: '', delimiter: null, after, limit: 1000 })
    after = page.objects.at(-1)?.key ?? after
    names.push(...page.objects.map(({ key }) => key).filter((key) => key !== MARKER))
    ;({ isLast } = page)
  }
  for await (const { key, uploadId } of store.uploads.leftovers?.list('') ?? []) {
    names.push(`${key} ${uploadId}`)
  }
  return names.toSorted()
}
