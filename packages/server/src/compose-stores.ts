/** Names the object stores, and sees to it that blobs are where the catalog believes them to be. */
import { join } from 'node:path'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { MARKER, readMarker, writeMarker } from './blobs/stored/marker.ts'
import { createStoredBlobStore } from './blobs/stored/stored-blob-store.ts'
import type { InstallationCatalog } from './catalog/catalog.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config.ts'
import type { CoreContext } from './core/context.ts'
import { systemClock } from './platform/clock.ts'
import { SECOND_MS } from './platform/durations.ts'
import { createId } from './platform/ids.ts'
import type { Metrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { StoreError } from './platform/store-errors.ts'
import type { ObjectStore } from './stores/object-store.ts'
import { lookAtOpennessOf } from './stores/s3/look/look-at-bucket.ts'
import type { S3StoreOptions } from './stores/s3/s3-calls.ts'
import { chainedCredentials, givenCredentials } from './stores/s3/s3-credentials.ts'
import type { CredentialSource } from './stores/s3/s3-credentials.ts'
import { parseS3Location } from './stores/s3/s3-location.ts'
import { createS3ObjectStore } from './stores/s3/s3-store.ts'
import { createReachability } from './stores/send/reachability.ts'

export interface OpenedBlobs {
  readonly blobs: BlobStore
  /** Whether they can be had now. */
  readonly isReachable: () => Promise<boolean>
  /** What everybody may do where they lie; `null`: they lie on this machine. */
  readonly lookAtBlobs: CoreContext['lookAtBlobs']
}

/** Throws `ConfigError` where blobs lie that are somebody else's, or where those of the catalog do not. */
export async function openBlobs(
  config: Config,
  installation: InstallationCatalog,
  metrics: Metrics,
): Promise<OpenedBlobs> {
  if (config.blobs === null) return openDisk(config, installation)
  const options = storeOptions(config, config.blobs, metrics)
  const store = createS3ObjectStore(options)
  try {
    await takePlace(store, installation)
  } catch (error) {
    await store.close()
    if (error instanceof StoreError) throw refused(`cannot be used: ${error.message}`)
    throw error
  }
  return {
    blobs: createStoredBlobStore(store, systemRandom),
    isReachable: createReachability(() => store.stat(MARKER)),
    lookAtBlobs: () => lookAtOpennessOf({ ...options, limits: LOOK_LIMITS }),
  }
}

async function openDisk(config: Config, installation: InstallationCatalog): Promise<OpenedBlobs> {
  const { blobs } = await claim(installation)
  if (blobs !== null && (await installation.namesBlobs())) {
    throw refused(`is not set, and the files of this catalog lie in ${blobs}: set it.`)
  }
  if (blobs !== null) await installation.moveBlobs(null)
  return {
    blobs: createDiskBlobStore({ directory: join(config.dataDir, 'blobs') }),
    isReachable: () => Promise.resolve(true),
    lookAtBlobs: null,
  }
}

/** Somebody waits for the answer. */
const LOOK_LIMITS = { attempts: 1, patienceMs: 5 * SECOND_MS }

function storeOptions(config: Config, url: string, metrics: Metrics): S3StoreOptions {
  try {
    return {
      location: parseS3Location(url),
      credentials: credentialsOf(config),
      mayConnect: null,
      onSample: (sample) => metrics.observeStoreRequest(sample),
      clock: systemClock,
      random: systemRandom,
    }
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : 'cannot be used'}.`)
  }
}

function credentialsOf({ blobsAccessKeyId, blobsSecretAccessKey }: Config): CredentialSource {
  return blobsAccessKeyId === null || blobsSecretAccessKey === null
    ? chainedCredentials()
    : givenCredentials({ accessKeyId: blobsAccessKeyId, secretAccessKey: blobsSecretAccessKey })
}

async function takePlace(store: ObjectStore, installation: InstallationCatalog): Promise<void> {
  const { id, blobs } = await claim(installation)
  const owner = (await readMarker(store)) ?? (await takeEmptyPlace(store, installation, id))
  if (owner !== id) {
    throw refused(
      `names ${store.name}, where another installation keeps its files (${MARKER} says so): choose another prefix, or restore the catalog that goes with them.`,
    )
  }
  if (blobs !== store.name) await installation.moveBlobs(store.name)
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
