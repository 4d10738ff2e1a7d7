/** What the store must compare, so that what was seen of an object is still so when it is written. */
import type { WriteConditions } from '../../catalog/file-steps.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { WriteCondition } from '../../stores/object-store.ts'

/** `null` where nothing has to be so. */
export function storeConditionOf(
  conditions: WriteConditions,
  current: FileRecord | null,
): WriteCondition | null {
  if (!asksForAnything(conditions)) return null
  return current === null ? { kind: 'absent' } : { kind: 'etag', etag: current.etag }
}

export function isSameCondition(a: WriteCondition | null, b: WriteCondition | null): boolean {
  if (a === null || b === null) return a === b
  return a.kind === 'etag' ? b.kind === 'etag' && a.etag === b.etag : b.kind === 'absent'
}

function asksForAnything(conditions: WriteConditions): boolean {
  const { ifAbsent, ifOwn, ifEtag, ifNotEtag, ifSize, ifContentType } = conditions
  const { ifModifiedAt, ifFileId } = conditions
  const asked = [ifEtag, ifNotEtag, ifSize, ifContentType, ifModifiedAt, ifFileId]
  return ifAbsent === true || ifOwn === true || asked.some((condition) => condition !== undefined)
}
