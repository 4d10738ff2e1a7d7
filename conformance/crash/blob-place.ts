/** Where the blobs of a server lie that is killed: on its disk, or in a store that outlives it. */
import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '../../packages/server/src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../packages/server/src/blobs/disk/disk-blob-store.ts'
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { openS3StoreAt } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import type { S3Endpoint } from '../../packages/server/test/stores/s3/s3-fixture.ts'

export interface BlobPlace {
  /** What the server is told of it. */
  readonly env: Readonly<Record<string, string>>
  open(): BlobStore
  /** Names of what writes left that came to no end. */
  findTemporary(): Promise<readonly string[]>
}

export function onDisk(dataDir: string): BlobPlace {
  return {
    env: {},
    open: () => createDiskBlobStore({ directory: join(dataDir, 'blobs') }),
    findTemporary: () => readdir(join(dataDir, 'blobs', 'tmp')),
  }
}

/** Below a prefix of its own. */
export function inStore(endpoint: S3Endpoint): BlobPlace {
  const prefix = randomBytes(6).toString('hex')
  const url = `s3://${endpoint.bucket}/${prefix}?endpoint=${endpoint.origin}`
  return {
    env: {
      HALLPASS_BLOBS: url,
      HALLPASS_BLOBS_ACCESS_KEY_ID: endpoint.credentials.accessKeyId,
      HALLPASS_BLOBS_SECRET_ACCESS_KEY: endpoint.credentials.secretAccessKey,
    },
    open: () => createStoredBlobStore(openS3StoreAt(endpoint, url), systemRandom),
    async findTemporary() {
      const store = openS3StoreAt(endpoint, url)
      const names: string[] = []
      for await (const { key } of store.uploads.leftovers?.list('') ?? []) names.push(key)
      await store.close()
      return names
    },
  }
}
