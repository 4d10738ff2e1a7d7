/** Whether what a transaction found lets its write happen. Conditions come before the grant, which a refused write never spends. */
import type { WriteConditions, WriteRefusal } from '../file-steps.ts'
import type { FileRecord, Versioning } from '../records.ts'

export interface Found {
  readonly epoch: number
  /** `null`: there is no such bucket. */
  readonly versioning: Versioning | null
  readonly current: FileRecord | null
}

/** Why the write may not happen; `null` if it may. */
export function checkConditions(found: Found, conditions: WriteConditions): WriteRefusal | null {
  const { current } = found
  if (conditions.epoch !== null && conditions.epoch !== found.epoch) return 'epoch-changed'
  if (found.versioning === null) return 'bucket-missing'
  if (conditions.ifFileId !== undefined && current?.id !== conditions.ifFileId) {
    return 'file-missing'
  }
  if (conditions.ifAbsent === true && current !== null) return 'condition-failed'
  if (current !== null && current.etag === conditions.ifNotEtag) return 'condition-failed'
  return isAsAsked(current, conditions) ? null : 'condition-failed'
}

/** The conditions on a version that must be there. */
function isAsAsked(
  version: Pick<FileRecord, 'etag' | 'size' | 'contentType' | 'modifiedAt'> | null,
  { ifEtag, ifSize, ifContentType, ifModifiedAt }: WriteConditions,
): boolean {
  const asked = [ifEtag, ifSize, ifContentType, ifModifiedAt]
  if (asked.every((condition) => condition === undefined)) return true
  if (version === null) return false
  return (
    (ifContentType === undefined || ifContentType === version.contentType) &&
    (ifEtag === undefined || ifEtag === '*' || ifEtag === version.etag) &&
    (ifSize === undefined || ifSize === version.size) &&
    (ifModifiedAt === undefined || toSeconds(ifModifiedAt) === toSeconds(version.modifiedAt))
  )
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
