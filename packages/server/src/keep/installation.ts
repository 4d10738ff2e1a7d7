/** Whose blobs lie at a place: the id that a catalog has, and the marker beside the blobs that says the same. */
import type { RowSession } from '../catalog/rows/row-catalog.ts'
import { storeConflict } from '../platform/store-errors.ts'

const TABLE = 'installation'

/** `null` where nobody has opened the catalog yet, or its schema is from before there were any. */
export async function installationOf(session: RowSession): Promise<string | null> {
  if (!(await session.tables()).includes(TABLE)) return null
  const [found] = await session.ask(`SELECT id FROM ${TABLE}`)
  return found === undefined ? null : String(found[0])
}

/** Of a catalog that is empty, or about to be filled: whatever it was before, it is this one from then on. */
export async function becomeInstallation(
  session: RowSession,
  id: string,
  blobs: string | null,
): Promise<void> {
  if (!(await session.tables()).includes(TABLE)) {
    if (blobs === null) return
    throw storeConflict(
      'The snapshot is of a version from before files could lie in an object store. Restore it into a folder, and move that with hallpass copy.',
    )
  }
  await session.run(`DELETE FROM ${TABLE}`)
  await session.insert(TABLE, ['only', 'id', 'blobs'], [[1, id, blobs]])
}
