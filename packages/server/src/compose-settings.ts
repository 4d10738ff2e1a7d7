/** What core is told of the settings. */
import type { Config } from './config.ts'
import type { InstanceSettings } from './core/checklist/facts.ts'

/** What the checklist may know of the settings: no secret is among it. */
export function settingsOf(config: Config): InstanceSettings {
  const { trustedProxies, signingKeyDays, eventDays, auditDays } = config
  const { addressRequestsPerSecond, keyRequestsPerSecond } = config
  return {
    trustedProxies,
    takesEveryOrigin: config.corsOrigins === '*',
    signingKeyDays,
    eventDays,
    auditDays,
    addressRequestsPerSecond,
    keyRequestsPerSecond,
  }
}
