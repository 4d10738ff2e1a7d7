/** The rule about blobs that are not what they were: what they hold is not served until their bytes are put back. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import type { Finding } from './finding.ts'

export function watchBlobs({ kind, target, at, count }: EventRecord): readonly Finding[] {
  if (kind !== 'blob.damaged' || target === null) return []
  const found = { subject: target, path: '', linkId: null, keyId: null, at }
  return [{ ...found, rule: 'damaged-blob', measured: count, threshold: 1 }]
}
