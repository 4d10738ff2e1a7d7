/** The rule about who looks at files: one that does not answer holds files up, or lets them pass unseen. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import type { Finding } from './finding.ts'

export function watchScanners({ kind, target, at, count }: EventRecord): readonly Finding[] {
  if (kind !== 'scanner.lost' || target === null) return []
  const found = { subject: target, path: '', linkId: null, keyId: null, at }
  return [{ ...found, rule: 'scanner-lost', measured: count, threshold: 1 }]
}
