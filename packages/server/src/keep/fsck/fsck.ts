/** Looks whether everything that a service keeps is as it must be, and puts right what can be. The server may run. */
import type { OnProgress, Service } from '../service.ts'
import { requireSchema } from '../standing-catalog.ts'
import { checkBlobs } from './check-blobs.ts'
import { checkCatalog, repairCatalog } from './check-catalog.ts'
import type { Finding } from './finding.ts'
import { createReport } from './report.ts'
import type { Found } from './report.ts'

export interface FsckOptions {
  readonly hashes: boolean
  readonly repair: boolean
  /** Told of each, and waited for. */
  readonly onFinding: (finding: Finding) => Promise<void>
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

/** Throws a StoreError if nobody can look. */
export async function fsck(service: Service, options: FsckOptions): Promise<Found> {
  await requireSchema(service)
  const report = createReport(options.onFinding)
  const rows = await service.rows.open()
  try {
    const nowMs = service.clock.now()
    if (options.repair) await repairCatalog(rows, report, nowMs)
    else await checkCatalog(rows, report)
    const catalog = await service.open()
    try {
      await checkBlobs({ ...options, catalog, rows, blobs: service.blobs, nowMs, report })
    } finally {
      await catalog.close()
    }
  } finally {
    await rows.close()
  }
  return report.counts
}
