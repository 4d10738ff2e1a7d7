/** Buckets of tests that lie in a store of somebody else, where HALLPASS_TEST_MOUNT=seaweed asks for that. */
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { mountBucket } from '../../packages/server/src/core/mounts/mount-bucket.ts'
import { authorizeInstance } from '../../packages/server/src/core/policy/authorize.ts'
import { seaweedOfProcess } from './seaweed-of-process.ts'
import type { RunningServer } from './start-server.ts'

export const MOUNTS_BUCKETS: boolean = process.env['HALLPASS_TEST_MOUNT'] === 'seaweed'

/** Below a prefix of its own. */
export async function makeMountedBucket(
  { core, admin }: RunningServer,
  name: string,
): Promise<void> {
  const { origin, bucket, credentials } = await seaweedOfProcess()
  const prefix = randomBytes(6).toString('hex')
  await mountBucket(core, await authorizeInstance(core, admin), name, {
    url: `s3://${bucket}/${prefix}?endpoint=${origin}`,
    credentials,
    isReadOnly: false,
    cdn: null,
  })
}
