/** The drivers of object stores, by the scheme of an address. */
import type { StoreScheme } from './config/blobs-url.ts'
import { schemeOfStore } from './config/blobs-url.ts'
import type { Clock } from './platform/clock.ts'
import type { Random } from './platform/random.ts'
import type { Secret } from './platform/secret.ts'
import type { AzureCredentials } from './stores/azure/azure-credentials.ts'
import { entraCredentials, givenAzureCredentials } from './stores/azure/azure-credentials.ts'
import { parseAzureLocation, placeOfAzure } from './stores/azure/azure-location.ts'
import type { AzureLocation } from './stores/azure/azure-location.ts'
import { createAzureObjectStore } from './stores/azure/azure-store.ts'
import type { ObjectStore } from './stores/object-store.ts'
import { chainedCredentials, givenCredentials } from './stores/s3/s3-credentials.ts'
import { parseS3Location } from './stores/s3/s3-location.ts'
import { placeOfS3 } from './stores/s3/s3-place.ts'
import { createS3ObjectStore } from './stores/s3/s3-store.ts'
import type { StoreSample } from './stores/send/sender.ts'

export interface StoreToOpen {
  readonly url: string
  /** `null`: what this machine is allowed. */
  readonly credentials: { readonly id: string; readonly secret: Secret } | null
  /**
   * Whether an address may be connected to, over TLS or not. `null`: the operator chose the store, which may be anywhere, and be shown
   * what this machine is allowed.
   */
  readonly mayConnect: ((address: string, isSecure: boolean) => boolean) | null
  readonly onSample: (sample: StoreSample) => void
  readonly clock: Clock
  readonly random: Random
}

interface StoreDriver {
  readonly placeOf: (url: string) => string
  readonly open: (store: StoreToOpen) => ObjectStore
}

const DRIVERS: Readonly<Record<StoreScheme, StoreDriver>> = {
  s3: { placeOf: (url) => placeOfS3(parseS3Location(url)), open: openS3 },
  azure: { placeOf: (url) => placeOfAzure(parseAzureLocation(url)), open: openAzure },
}

/** Connects to nothing yet. Throws an `Error` whose message goes on from the name of the address. */
export function openObjectStore(store: StoreToOpen): ObjectStore {
  return DRIVERS[schemeOfStore(store.url)].open(store)
}

/** Where an address leads, spelled one way and with a slash at its end. Throws as `openObjectStore`. */
export function placeOfStore(url: string): string {
  return DRIVERS[schemeOfStore(url)].placeOf(url)
}

function openS3({ url, credentials, mayConnect, ...parts }: StoreToOpen): ObjectStore {
  const location = parseS3Location(url)
  const isSecure = location.endpoint?.startsWith('https:') ?? true
  return createS3ObjectStore({
    ...parts,
    location,
    credentials:
      credentials === null
        ? chainedCredentials()
        : givenCredentials({ accessKeyId: credentials.id, secretAccessKey: credentials.secret }),
    mayConnect: checkOf(mayConnect, isSecure),
  })
}

function openAzure({ url, credentials, mayConnect, ...parts }: StoreToOpen): ObjectStore {
  const location = parseAzureLocation(url)
  const isSecure = location.endpoint.startsWith('https:')
  return createAzureObjectStore({
    ...parts,
    location,
    credentials: azureCredentialsOf(location, credentials, mayConnect === null),
    mayConnect: checkOf(mayConnect, isSecure),
  })
}

/** A bearer token is good wherever it is shown: whoever names a store must not get one of this machine. */
function azureCredentialsOf(
  { account, isMicrosofts }: AzureLocation,
  given: StoreToOpen['credentials'],
  isOperators: boolean,
): AzureCredentials {
  if (given !== null) return givenAzureCredentials(account, given)
  if (isMicrosofts || isOperators) return entraCredentials()
  throw new Error(
    "has an endpoint that is not Microsoft's own, which this machine shows no token: give credentials",
  )
}

function checkOf(
  mayConnect: StoreToOpen['mayConnect'],
  isSecure: boolean,
): ((address: string) => boolean) | null {
  return mayConnect && ((address) => mayConnect(address, isSecure))
}
