/** Which installation it is. */
import type { InstallationCatalog } from '../catalog.ts'
import { installation } from '../tables/installation.ts'
import type { StoredInstallation } from './schema.ts'
import type { Script, SqlEngine } from './script.ts'

type Claimed = Awaited<ReturnType<InstallationCatalog['claim']>>

/** No start fails for want of room. */
const URGENT = { isUrgent: true } as const

export function createInstallationCatalog(engine: SqlEngine): InstallationCatalog {
  const { query, prepare, read, write } = engine
  const find = prepare((v: { only: number }) =>
    query.selectFrom('installation').select(installation.selection).where('only', '=', v.only),
  )
  const insert = prepare((v: StoredInstallation) =>
    query.insertInto('installation').values(installation.every(v)),
  )
  const place = prepare((v: { blobs: string | null }) =>
    query.updateTable('installation').set({ blobs: v.blobs }),
  )
  const anyBlob = prepare((v: { kind: string }) =>
    query.selectFrom('contents').select('id').where('kind', '=', v.kind).limit(1),
  )
  const standing = function* (): Script<Claimed | null> {
    const row = yield* find.get({ only: 1 })
    return row === undefined ? null : { id: row.id, blobs: row.blobs }
  }
  return {
    // All starts but the first read alone, and wait for nobody who writes.
    claim: async (id) =>
      (await read(standing)) ??
      write(function* () {
        const other = yield* standing()
        if (other !== null) return other
        yield* insert.run({ only: 1, id, blobs: null })
        return { id, blobs: null }
      }, URGENT),
    moveBlobs: (blobs) =>
      write(function* () {
        yield* place.run({ blobs })
      }, URGENT),
    namesBlobs: () =>
      read(function* () {
        return (yield* anyBlob.get({ kind: 'blob' })) !== undefined
      }),
  }
}
