/** Links to files of a server's own, and to those of a mounted bucket, whose bytes pass the server or do not. */
import type { ServerProcess } from '../../conformance/crash/server-process.ts'
import type { Seaweed } from '../../conformance/lib/seaweed.ts'
import { createS3Store } from '../serving/s3-store.ts'
import type { Downloading } from './by-processor.ts'
import { KEYS, askRest } from './servers.ts'

const MOUNTED = 'mounted'
export const REDIRECTED = 'redirected'

export interface Linked {
  readonly server: ServerProcess
  readonly bucket: string
  readonly keys: readonly string[]
}

export async function issueLinks({ server, bucket, keys }: Linked): Promise<readonly string[]> {
  const wishes = keys.map((key) => ({ path: `${bucket}/${key}`, expiresIn: 86_400 }))
  const made = await askRest(server.origin, 'POST', 'links/batch', { links: wishes })
  const { links } = made as { readonly links: readonly { readonly url: string }[] }
  return links.map(({ url }) => url)
}

/** A bucket in SeaweedFS with so many files in each of two folders, one of which redirects to it. */
export async function mountFiles(
  server: ServerProcess,
  seaweed: Seaweed,
  { files, size }: { readonly files: number; readonly size: number },
): Promise<readonly [Downloading, Downloading]> {
  const url = `s3://${seaweed.bucket}/${MOUNTED}?endpoint=${seaweed.origin}`
  const store = { url, credentials: seaweed.credentials }
  await askRest(server.origin, 'PUT', `buckets/${MOUNTED}`, { store })
  // What is below may only be tighter.
  await deliver(server, MOUNTED, REDIRECTED)
  await deliver(server, `${MOUNTED}/proxied`, 'proxied')
  const linksOf = async (folder: string): Promise<Downloading> => {
    const keys = Array.from({ length: files }, (_, file) => `${folder}/${file}`)
    const into = createS3Store(server.origin, KEYS, MOUNTED)
    for (const key of keys) await into.send({ method: 'PUT', key }, Buffer.alloc(size, key))
    const urls = await issueLinks({ server, bucket: MOUNTED, keys })
    return { name: folder, pid: server.pid, urls }
  }
  return [await linksOf('proxied'), await linksOf(REDIRECTED)]
}

async function deliver(server: ServerProcess, folder: string, delivery: string): Promise<void> {
  await askRest(server.origin, 'PUT', `folders/${folder}`, { policy: { delivery } })
}
