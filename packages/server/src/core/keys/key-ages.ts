/** How old the keys are with which the server signs and seals, for its metrics. */
import { SECOND_MS } from '../../platform/durations.ts'
import type { KeyAges } from '../../platform/metrics.ts'
import type { CoreContext } from '../context.ts'

export function createKeyAges({
  keyRing,
  masterKeys,
  clock,
}: Pick<CoreContext, 'keyRing' | 'masterKeys' | 'clock'>): KeyAges {
  const secondsSince = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined ? null : Math.max(0, (clock.now() - ms) / SECOND_MS)
  return {
    signingKey: async () => secondsSince((await keyRing.current()).signingKey?.record.createdAt),
    masterKey: () => Promise.resolve(secondsSince(masterKeys.current().since)),
  }
}
