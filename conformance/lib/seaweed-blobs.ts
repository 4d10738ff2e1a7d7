/** Blobs in a SeaweedFS of this process, which ends with it. */
import process from 'node:process'
import type { BlobStore } from '../../packages/server/src/blobs/blob-store.ts'
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { openS3Store } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import { startSeaweed, whyNoSeaweed } from './seaweed.ts'
import type { Seaweed } from './seaweed.ts'

let seaweed: Promise<Seaweed> | null = null

/** Below a prefix of its own. */
export async function openSeaweedBlobs(): Promise<BlobStore> {
  const reason = whyNoSeaweed()
  if (reason !== false) throw new Error(reason)
  seaweed ??= startForProcess()
  return createStoredBlobStore(openS3Store(await seaweed), systemRandom)
}

async function startForProcess(): Promise<Seaweed> {
  const started = await startSeaweed()
  // Nothing else keeps a test file from ending.
  started.unref()
  process.once('exit', () => started.kill())
  return started
}
