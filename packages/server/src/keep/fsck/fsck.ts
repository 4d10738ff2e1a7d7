/** Looks whether everything that a service keeps is as it must be, and puts right what can be. The server may run. */
import type { OnProgress, Service } from '../service.ts'
import { requireSchema } from '../standing-catalog.ts'
import { checkBlobs } from './check-blobs.ts'
import { checkCatalog, repairCatalog } from './check-catalog.ts'
import type { Finding } from './finding.ts'

export interface FsckOptions {
  readonly hashes: boolean
  readonly repair: boolean
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

/** Throws a StoreError if nobody can look. */
export async function fsck(service: Service, options: FsckOptions): Promise<readonly Finding[]> {
  await requireSchema(service)
  const rows = await service.rows.open()
  try {
    const nowMs = service.clock.now()
    const inCatalog = options.repair ? await repairCatalog(rows, nowMs) : await checkCatalog(rows)
    const catalog = await service.open()
    try {
      const { blobs } = service
      return [...inCatalog, ...(await checkBlobs({ ...options, catalog, rows, blobs, nowMs }))]
    } finally {
      await catalog.close()
    }
  } finally {
    await rows.close()
  }
}
