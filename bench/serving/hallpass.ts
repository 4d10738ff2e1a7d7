/** Hallpass itself, started as `npm start` does, with presigned URLs for every object. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { presignS3 } from '@hallpass/signing/s3'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import type { Contestant, ContestantOptions } from './contestant.ts'
import { DOWNLOADS, objectName } from './operations.ts'

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const BUCKET = 'bench'
const EXPIRES_SECONDS = 86_400

export async function startHallpass(
  options: ContestantOptions,
  workers: number,
): Promise<Contestant> {
  const server = await startServerProcess({
    dataDir: options.folder,
    ...KEYS,
    workers,
    nodeArguments: (process.env['HALLPASS_BENCH_NODE_ARGUMENTS'] ?? '').split(' ').filter(Boolean),
  })
  const presign = createPresigner(server.origin, KEYS)
  return {
    name: workers === 1 ? 'hallpass' : `hallpass, ${workers} workers`,
    targetOf: (operation) => ({
      origin: server.origin,
      paths: Array.from({ length: operation.objects }, (_, index) =>
        presign(operation.method, objectName(operation, index)).slice(server.origin.length),
      ),
    }),
    fill: () => fillBucket(presign, options.files),
    stop: async () => void (await server.stop()),
  }
}

export type Presigner = (method: string, key?: string) => string

export function createPresigner(
  endpoint: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Presigner {
  return (method, key) =>
    presignS3({
      method,
      bucket: BUCKET,
      key,
      region: 'us-east-1',
      endpoint,
      credentials,
      expiresInSeconds: EXPIRES_SECONDS,
    }).url
}

/** Makes the bucket and uploads every file that will be read. */
export async function fillBucket(presign: Presigner, files: string): Promise<void> {
  await send(presign('PUT'), null)
  for (const operation of DOWNLOADS) {
    for (let index = 0; index < operation.objects; index += 1) {
      const name = objectName(operation, index)
      await send(presign('PUT', name), await readFile(join(files, name)))
    }
  }
}

async function send(url: string, body: Uint8Array<ArrayBuffer> | null): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`PUT was answered with ${answer.status}: ${text.slice(0, 300)}`)
}
