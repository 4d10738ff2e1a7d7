/** What a catalog that stands somewhere is, before it is opened. */
import { MIGRATIONS } from '../catalog/migrations/all.ts'
import type { RowCatalogPlace } from '../catalog/rows/row-catalog.ts'
import { storeConflict } from '../platform/store-errors.ts'
import { isEmptyCatalog } from './catalog-lines.ts'
import type { Service } from './service.ts'

/** The schema of this version. */
export const NEWEST_SCHEMA: number = MIGRATIONS.at(-1)?.version ?? 0

/** Throws a StoreConflict if there is none. */
export async function requireCatalog({
  rows,
  name,
}: Pick<Service, 'rows' | 'name'>): Promise<number> {
  const version = await rows.version()
  if (version !== null) return version
  throw storeConflict(`${name} is no catalog of Hallpass. Check --data-dir and --database-url.`)
}

/** Opening it would bring it up, under a server of the version before. */
export async function requireSchema(service: Pick<Service, 'rows' | 'name'>): Promise<void> {
  const version = await requireCatalog(service)
  if (version === NEWEST_SCHEMA) return
  throw storeConflict(
    `The catalog ${service.name} has schema ${version}; this version of Hallpass has ${NEWEST_SCHEMA}. Use the hallpass of the version that serves it, or bring it up with hallpass migrate.`,
  )
}

/** Whether there is no catalog, or one in which nothing was ever kept. */
export async function hasNothing(rows: RowCatalogPlace): Promise<boolean> {
  if ((await rows.version()) === null) return true
  const catalog = await rows.open()
  try {
    return await catalog.read(isEmptyCatalog)
  } finally {
    await catalog.close()
  }
}
