/** Puts files in place past the faces, so that a test of reading does not depend on writing. */
import { createBucket } from '../../packages/server/src/core/buckets/buckets.ts'
import { authorize } from '../../packages/server/src/core/policy/authorize.ts'
import { writeFile } from '../../packages/server/src/core/files/write-file.ts'
import type { WriteFileRequest } from '../../packages/server/src/core/files/write-file.ts'
import { MOUNTS_BUCKETS, makeMountedBucket } from './mounted-buckets.ts'
import type { RunningServer } from './start-server.ts'

export async function makeBucket(server: RunningServer, name: string): Promise<void> {
  if (MOUNTS_BUCKETS) return makeMountedBucket(server, name)
  const permit = await authorize(server.core, server.admin, 'write', { bucket: name, key: '' })
  await createBucket(server.core, permit)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

export async function putFile(
  server: RunningServer,
  path: { readonly bucket: string; readonly key: string },
  content: string | Uint8Array,
  change: Partial<WriteFileRequest> = {},
): Promise<string> {
  const bytes = Buffer.from(content)
  const permit = await authorize(server.core, server.admin, 'write', path)
  const { file } = await writeFile(
    server.core,
    permit,
    {
      contentType: null,
      headers: {},
      metadata: {},
      contentLength: bytes.byteLength,
      checksums: [],
      expected: () => [],
      ...change,
    },
    { body: once(bytes), signal: new AbortController().signal },
  )
  return file.id
}

/** `acme/a.txt`, private, holding `secret`; and `open/a.txt`, public, holding `open`. */
export async function putPrivateAndPublicFile(server: RunningServer): Promise<void> {
  await makeBucket(server, 'acme')
  await makeBucket(server, 'open')
  await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'secret')
  await putFile(server, { bucket: 'open', key: 'a.txt' }, 'open')
  await server.core.catalog.folders.put(
    {
      path: 'open/',
      visibility: 'public',
      policy: {},
      updatedAt: 0,
    },
    { changedAt: 0, changedBy: 'test', reason: null },
    null,
  )
  await server.core.keyRing.refresh()
}
