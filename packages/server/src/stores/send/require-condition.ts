/** For stores that do not look at the condition of a write: who is there already is seen here at least. */
import { storeConflict } from '../../platform/store-errors.ts'
import type { StoredHead, WriteCondition } from '../object-store.ts'

/** `there` is what stands under the name. Throws a StoreConflict. */
export function requireCondition(
  store: string,
  there: StoredHead | null,
  condition: WriteCondition,
): void {
  if (condition.kind === 'absent' ? there === null : there?.etag === condition.etag) return
  throw storeConflict(`${store}: there is another object already, or none any more.`)
}
