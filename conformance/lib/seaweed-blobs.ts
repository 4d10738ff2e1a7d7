/** Blobs in a SeaweedFS of this process, which ends with it. */
import process from 'node:process'
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { openS3Store } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import { startSeaweed, whyNoSeaweed } from './seaweed.ts'
import type { Seaweed } from './seaweed.ts'
import type { TestBlobs } from './start-server.ts'
import type { ObjectStore } from '../../packages/server/src/stores/object-store.ts'

let seaweed: Promise<Seaweed> | null = null

/** Below a prefix of its own. */
export async function openSeaweedBlobs(): Promise<TestBlobs> {
  const reason = whyNoSeaweed()
  if (reason !== false) throw new Error(reason)
  seaweed ??= startForProcess()
  const store = openS3Store(await seaweed)
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

async function startForProcess(): Promise<Seaweed> {
  const started = await startSeaweed()
  // Nothing else keeps a test file from ending.
  started.unref()
  process.once('exit', () => started.kill())
  return started
}
