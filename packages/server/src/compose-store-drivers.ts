/** The stores that buckets may be mounted from, and the CDNs before them. */
import { lookAtObjectStore, openObjectStore, placeOfStore } from './compose-object-store.ts'
import type { StoreToOpen } from './compose-object-store.ts'
import { createTargetCheck } from './core/webhooks/target-addresses.ts'
import type { Clock } from './platform/clock.ts'
import type { Random } from './platform/random.ts'
import { createSecret } from './platform/secret.ts'
import { createCookieSigner } from './stores/cdn/cookie-signer.ts'
import { createCdnSigner } from './stores/cdn/cdn-signer.ts'
import type { StoreSample } from './stores/send/sender.ts'
import { StoreUrlError } from './stores/store-drivers.ts'
import type { Cdn, CdnAccess, StoreAccess, StoreDrivers } from './stores/store-drivers.ts'

export interface StoreDriverParts {
  /** Networks in which stores may be though they are not public, over http too. */
  readonly networks: readonly string[]
  readonly onSample: (sample: StoreSample) => void
  readonly clock: Clock
  readonly random: Random
}

export function createStoreDrivers(parts: StoreDriverParts): StoreDrivers {
  const { networks, onSample, clock, random } = parts
  const mayConnect = createTargetCheck(networks)
  return {
    placeOf: (url) => readable(() => placeOfStore(url)),
    open: (access) => Promise.resolve(readable(() => openObjectStore(toOpen(access)))),
    look: async (access, options) => readable(() => lookAtObjectStore(toOpen(access), options)),
    openCdn: (access) => openCdn(access, clock),
  }

  function toOpen({ url, credentials: given }: StoreAccess): StoreToOpen {
    const credentials = given && {
      id: given.accessKeyId,
      secret: createSecret(given.secretAccessKey),
      ...(given.sessionToken !== undefined && { sessionToken: createSecret(given.sessionToken) }),
    }
    return { url, credentials, mayConnect, onSample, clock, random }
  }
}

/** Signs once, so that a key that cannot sign is found when it is given. */
function openCdn({ key, ...cdn }: CdnAccess, clock: Clock): Cdn {
  try {
    const signUrl = createCdnSigner(cdn, key, clock)
    signUrl('try', 1)
    return { signUrl, signCookies: createCookieSigner(cdn, key, clock) }
  } catch (error) {
    // A message of the signer names the option, and nothing of what it holds.
    const reason = error instanceof Error ? error.message : 'it cannot sign'
    throw new StoreUrlError(`its CDN: ${reason}`)
  }
}

function readable<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'cannot be read'
    throw new StoreUrlError(`its URL ${reason}`)
  }
}
