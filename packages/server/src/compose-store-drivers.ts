/** The drivers of stores that buckets may be mounted from, by the scheme of a URL. */
import { createTargetCheck } from './core/webhooks/target-addresses.ts'
import type { Clock } from './platform/clock.ts'
import type { Random } from './platform/random.ts'
import { createSecret } from './platform/secret.ts'
import { createCdnSigner } from './stores/cdn/cdn-signer.ts'
import { chainedCredentials, givenCredentials } from './stores/s3/s3-credentials.ts'
import { parseS3Location } from './stores/s3/s3-location.ts'
import type { S3Location } from './stores/s3/s3-location.ts'
import { placeOfS3 } from './stores/s3/s3-place.ts'
import { createS3ObjectStore } from './stores/s3/s3-store.ts'
import type { StoreSample } from './stores/send/sender.ts'
import { StoreUrlError } from './stores/store-drivers.ts'
import type {
  CdnAccess,
  SignCdnUrl,
  StoreCredentials,
  StoreDrivers,
} from './stores/store-drivers.ts'

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
    placeOf: (url) => placeOfS3(locationOf(url)),
    open({ url, credentials }) {
      const location = locationOf(url)
      const isSecure = location.endpoint?.startsWith('https:') ?? true
      const store = createS3ObjectStore({
        location,
        credentials: sourceOf(credentials),
        mayConnect: (address) => mayConnect(address, isSecure),
        onSample,
        clock,
        random,
      })
      return Promise.resolve(store)
    },
    openCdn: (access) => openCdn(access, clock),
  }
}

/** Signs once, so that a key that cannot sign is found when it is given. */
function openCdn({ key, ...cdn }: CdnAccess, clock: Clock): SignCdnUrl {
  try {
    const sign = createCdnSigner(cdn, key, clock)
    sign('try', 1)
    return sign
  } catch (error) {
    // A message of the signer names the option, and nothing of what it holds.
    const reason = error instanceof Error ? error.message : 'it cannot sign'
    throw new StoreUrlError(`its CDN: ${reason}`)
  }
}

function locationOf(url: string): S3Location {
  try {
    return parseS3Location(url)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'cannot be read'
    throw new StoreUrlError(`its URL ${reason}`)
  }
}

function sourceOf(credentials: StoreCredentials | null): ReturnType<typeof givenCredentials> {
  if (credentials === null) return chainedCredentials()
  const { accessKeyId, secretAccessKey } = credentials
  return givenCredentials({ accessKeyId, secretAccessKey: createSecret(secretAccessKey) })
}
