/** Names the object stores, and sees to it that blobs are where the catalog believes them to be. */
import { join } from 'node:path'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { MARKER, readMarker, writeMarker } from './blobs/stored/marker.ts'
import { createStoredBlobStore } from './blobs/stored/stored-blob-store.ts'
import type { InstallationCatalog } from './catalog/catalog.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config.ts'
import { systemClock } from './platform/clock.ts'
import { createId } from './platform/ids.ts'
import type { Metrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { StoreError } from './platform/store-errors.ts'
import type { ObjectStore } from './stores/object-store.ts'
import { chainedCredentials, givenCredentials } from './stores/s3/s3-credentials.ts'
import type { CredentialSource } from './stores/s3/s3-credentials.ts'
import { parseS3Location } from './stores/s3/s3-location.ts'
import type { S3Location } from './stores/s3/s3-location.ts'
import { placeOfS3 } from './stores/s3/s3-place.ts'
import { createS3ObjectStore } from './stores/s3/s3-store.ts'
import { createReachability } from './stores/send/reachability.ts'
import type { StoreSample } from './stores/send/sender.ts'

export interface OpenedBlobs {
  readonly blobs: BlobStore
  /** Whether they can be had now. */
  readonly isReachable: () => Promise<boolean>
}

/** Blobs as settings name them, before anybody has asked whose they are. */
export interface FoundBlobs extends OpenedBlobs {
  /** Where they lie, spelled one way. */
  readonly place: string
  /** As the catalog knows the place; `null`: the data directory. */
  readonly name: string | null
  /** Throws `ConfigError` where blobs lie that are somebody else's, or where those of the catalog do not. */
  readonly claim: (installation: InstallationCatalog) => Promise<void>
  /** Makes the place that of an installation, if it is nobody's. Throws `ConfigError` if it is another's. */
  readonly mark: (installation: string) => Promise<void>
}

type OnSample = (sample: StoreSample) => void

/** Throws `ConfigError` where blobs lie that are somebody else's, or where those of the catalog do not. */
export async function openBlobs(
  config: Config,
  installation: InstallationCatalog,
  metrics: Metrics,
): Promise<OpenedBlobs> {
  const found = findBlobs(config, (sample) => metrics.observeStoreRequest(sample))
  try {
    await found.claim(installation)
    return found
  } catch (error) {
    await found.blobs.close()
    if (error instanceof StoreError) throw refused(`cannot be used: ${error.message}`)
    throw error
  }
}

/** Asks nobody yet. Throws `ConfigError` for an address that is none. */
export function findBlobs(config: Config, onSample: OnSample): FoundBlobs {
  if (config.blobs === null) return findDisk(config)
  const location = locationOf(config.blobs)
  const store = createStore(location, credentialsOf(config), onSample)
  return {
    blobs: createStoredBlobStore(store, systemRandom),
    isReachable: createReachability(() => store.stat(MARKER)),
    place: placeOfS3(location),
    name: store.name,
    claim: (installation) => takePlace(store, installation),
    mark: async (id) =>
      requireOwner(store, id, (await readMarker(store)) ?? (await writeMarker(store, id))),
  }
}

function findDisk({ dataDir }: Config): FoundBlobs {
  const directory = join(dataDir, 'blobs')
  return {
    blobs: createDiskBlobStore({ directory }),
    isReachable: () => Promise.resolve(true),
    place: directory,
    name: null,
    claim: takeDisk,
    mark: () => Promise.resolve(),
  }
}

async function takeDisk(installation: InstallationCatalog): Promise<void> {
  const { blobs } = await claim(installation)
  if (blobs !== null && (await installation.namesBlobs())) {
    throw refused(`is not set, and the files of this catalog lie in ${blobs}: set it.`)
  }
  if (blobs !== null) await installation.moveBlobs(null)
}

/** An object store by its address, whose credentials are what Amazon's chain finds. Throws an `Error` for an address that is none. */
export function openChainedStore(url: string): ObjectStore {
  return createStore(parseS3Location(url), chainedCredentials(), () => undefined)
}

function locationOf(url: string): S3Location {
  try {
    return parseS3Location(url)
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : 'cannot be used'}.`)
  }
}

function createStore(
  location: S3Location,
  credentials: CredentialSource,
  onSample: OnSample,
): ObjectStore {
  return createS3ObjectStore({
    location,
    credentials,
    mayConnect: null,
    onSample,
    clock: systemClock,
    random: systemRandom,
  })
}

function credentialsOf({ blobsAccessKeyId, blobsSecretAccessKey }: Config): CredentialSource {
  return blobsAccessKeyId === null || blobsSecretAccessKey === null
    ? chainedCredentials()
    : givenCredentials({ accessKeyId: blobsAccessKeyId, secretAccessKey: blobsSecretAccessKey })
}

async function takePlace(store: ObjectStore, installation: InstallationCatalog): Promise<void> {
  const { id, blobs } = await claim(installation)
  const owner = (await readMarker(store)) ?? (await takeEmptyPlace(store, installation, id))
  requireOwner(store, id, owner)
  if (blobs !== store.name) await installation.moveBlobs(store.name)
}

function requireOwner({ name }: ObjectStore, id: string, owner: string): void {
  if (owner === id) return
  throw refused(
    `names ${name}, where another installation keeps its files (${MARKER} says so): choose another prefix, or restore the catalog that goes with them.`,
  )
}

/** A store that nobody has marked: what the catalog names cannot be there. */
async function takeEmptyPlace(
  store: ObjectStore,
  installation: InstallationCatalog,
  id: string,
): Promise<string> {
  if (await installation.namesBlobs()) {
    throw refused(
      `names ${store.name}, where the files of this catalog are not: copy them there with ${MARKER}, or set it to where they are.`,
    )
  }
  return writeMarker(store, id)
}

function claim(installation: InstallationCatalog): ReturnType<InstallationCatalog['claim']> {
  return installation.claim(createId(systemRandom, 'installation_'))
}

function refused(reason: string): ConfigError {
  return new ConfigError([`HALLPASS_BLOBS ${reason}`])
}
