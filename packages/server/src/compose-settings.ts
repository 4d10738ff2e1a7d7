/** What core is told of the settings. */
import type { Config } from './config.ts'
import type { AppOptions } from './app.ts'
import type { StorageKinds } from './api/rest/context.ts'
import { isShared } from './compose-catalog.ts'
import { schemeOfStore } from './config/blobs-url.ts'
import type { CoreContext } from './core/context.ts'
import { createPace } from './core/policy/pace.ts'
import { systemClock } from './platform/clock.ts'
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

/** Which database and which store. */
export function storageOf(config: Config): StorageKinds {
  const { blobs } = config
  return {
    catalog: isShared(config) ? 'postgresql' : 'sqlite',
    blobs: blobs === null ? 'disk' : schemeOfStore(blobs),
  }
}

/** How fast one may ask. */
export function paceOf({
  addressRequestsPerSecond: address,
  keyRequestsPerSecond: key,
}: Config): CoreContext['requirePace'] {
  return createPace({ address, key }, systemClock)
}

/** What lies before the faces. */
export function edgeOf({
  domain: virtualHostDomain,
  corsOrigins,
  trustedProxies,
}: Config): Pick<AppOptions, 'virtualHostDomain' | 'corsOrigins' | 'trustedProxies'> {
  return { virtualHostDomain, corsOrigins, trustedProxies }
}
