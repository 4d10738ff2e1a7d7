/** The drivers of object stores, by the scheme of an address. */
import type { StoreScheme } from './config/blobs-url.ts'
import { schemeOfStore } from './config/blobs-url.ts'
import type { Clock } from './platform/clock.ts'
import { SECOND_MS } from './platform/durations.ts'
import type { Random } from './platform/random.ts'
import type { Secret } from './platform/secret.ts'
import type { AzureCredentials } from './stores/azure/azure-credentials.ts'
import { entraCredentials, givenAzureCredentials } from './stores/azure/azure-credentials.ts'
import { parseAzureLocation, placeOfAzure } from './stores/azure/azure-location.ts'
import type { AzureLocation } from './stores/azure/azure-location.ts'
import { createAzureObjectStore } from './stores/azure/azure-store.ts'
import type { BucketFinding, BucketLook, LookOptions } from './stores/bucket-look.ts'
import { applicationCredentials, givenGcsCredentials } from './stores/gcs/gcs-credentials.ts'
import type { GcsCredentials } from './stores/gcs/gcs-credentials.ts'
import { parseGcsLocation, placeOfGcs } from './stores/gcs/gcs-location.ts'
import type { GcsLocation } from './stores/gcs/gcs-location.ts'
import { createGcsObjectStore } from './stores/gcs/gcs-store.ts'
import type { ObjectStore } from './stores/object-store.ts'
import { lookAtBucket, lookAtOpennessOf } from './stores/s3/look/look-at-bucket.ts'
import type { S3StoreOptions } from './stores/s3/s3-calls.ts'
import { chainedCredentials, givenCredentials } from './stores/s3/s3-credentials.ts'
import type { KeyPair } from './stores/s3/s3-credentials.ts'
import { parseS3Location } from './stores/s3/s3-location.ts'
import { placeOfS3 } from './stores/s3/s3-place.ts'
import { createS3ObjectStore } from './stores/s3/s3-store.ts'
import type { StoreSample } from './stores/send/sender.ts'

export interface StoreToOpen {
  readonly url: string
  /** `null`: what this machine is allowed. */
  readonly credentials: {
    readonly id: string
    readonly secret: Secret
    /** Of a key pair that ends by itself; S3 alone has them. */
    readonly sessionToken?: Secret
  } | null
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
  /** `null`: nobody knows how to look at such a bucket. */
  readonly look: BucketLooks | null
}

interface BucketLooks {
  readonly whole: (store: StoreToOpen, options: LookOptions) => Promise<BucketLook>
  readonly openness: (store: StoreToOpen) => Promise<BucketFinding[]>
}

const DRIVERS: Readonly<Record<StoreScheme, StoreDriver>> = {
  s3: {
    placeOf: (url) => placeOfS3(parseS3Location(url)),
    open: (store) => createS3ObjectStore(s3OptionsOf(store)),
    look: {
      whole: (store, options) => lookAtBucket(s3OptionsOf(store), options),
      openness: (store) => lookAtOpennessOf({ ...s3OptionsOf(store), limits: LOOK_LIMITS }),
    },
  },
  gs: { placeOf: (url) => placeOfGcs(parseGcsLocation(url)), open: openGcs, look: null },
  azure: { placeOf: (url) => placeOfAzure(parseAzureLocation(url)), open: openAzure, look: null },
}

/** Connects to nothing yet. Throws an `Error` whose message goes on from the name of the address. */
export function openObjectStore(store: StoreToOpen): ObjectStore {
  return DRIVERS[schemeOfStore(store.url)].open(store)
}

/** Where an address leads, spelled one way and with a slash at its end. Throws as `openObjectStore`. */
export function placeOfStore(url: string): string {
  return DRIVERS[schemeOfStore(url)].placeOf(url)
}

/** Looks at the bucket. Throws as `openObjectStore`, and where nobody knows how to look at one of this kind. */
export function lookAtObjectStore(store: StoreToOpen, options: LookOptions): Promise<BucketLook> {
  const { look } = DRIVERS[schemeOfStore(store.url)]
  if (look === null) throw new Error('is not one of S3, and buckets of S3 alone are looked at')
  return look.whole(store, options)
}

/** What everybody may do there; nothing where nobody knows how to look. */
export async function lookAtStoreOpenness(store: StoreToOpen): Promise<BucketFinding[]> {
  const { look } = DRIVERS[schemeOfStore(store.url)]
  return look === null ? [] : look.openness(store)
}

/** Somebody waits for the answer. */
const LOOK_LIMITS = { attempts: 1, patienceMs: 5 * SECOND_MS }

function s3OptionsOf({ url, credentials, mayConnect, ...parts }: StoreToOpen): S3StoreOptions {
  const location = parseS3Location(url)
  const isSecure = location.endpoint?.startsWith('https:') ?? true
  return {
    ...parts,
    location,
    credentials:
      credentials === null ? chainedCredentials() : givenCredentials(pairOf(credentials)),
    mayConnect: checkOf(mayConnect, isSecure),
  }
}

function pairOf({ id, secret, sessionToken }: NonNullable<StoreToOpen['credentials']>): KeyPair {
  const pair = { accessKeyId: id, secretAccessKey: secret }
  return sessionToken === undefined ? pair : { ...pair, sessionToken }
}

function openGcs({ url, credentials, mayConnect, ...parts }: StoreToOpen): ObjectStore {
  const location = parseGcsLocation(url)
  const isSecure = location.endpoint.startsWith('https:')
  return createGcsObjectStore({
    ...parts,
    location,
    credentials:
      credentials === null
        ? ownGcsCredentials(location, mayConnect === null)
        : givenGcsCredentials(credentials, parts.clock),
    mayConnect: checkOf(mayConnect, isSecure),
  })
}

/** A bearer token is good wherever it is shown: whoever names a store must not get one of this machine. */
function ownGcsCredentials({ isGoogles }: GcsLocation, isOperators: boolean): GcsCredentials {
  if (isGoogles || isOperators) return applicationCredentials()
  throw elsewhere("Google's")
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

function azureCredentialsOf(
  { account, isMicrosofts }: AzureLocation,
  given: StoreToOpen['credentials'],
  isOperators: boolean,
): AzureCredentials {
  if (given !== null) return givenAzureCredentials(account, given)
  if (isMicrosofts || isOperators) return entraCredentials()
  throw elsewhere("Microsoft's")
}

function elsewhere(whose: string): Error {
  return new Error(
    `has an endpoint that is not ${whose} own, which this machine shows no token: give credentials`,
  )
}

function checkOf(
  mayConnect: StoreToOpen['mayConnect'],
  isSecure: boolean,
): ((address: string) => boolean) | null {
  return mayConnect && ((address) => mayConnect(address, isSecure))
}
