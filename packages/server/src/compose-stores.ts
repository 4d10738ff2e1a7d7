/** Opens where blobs lie, and sees to it that blobs are where the catalog believes them to be. */
import { join } from 'node:path'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { MARKER, readMarker, writeMarker } from './blobs/stored/marker.ts'
import { createStoredBlobStore } from './blobs/stored/stored-blob-store.ts'
import type { InstallationCatalog } from './catalog/catalog.ts'
import { openObjectStore } from './compose-object-store.ts'
import type { StoreToOpen } from './compose-object-store.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config.ts'
import { systemClock } from './platform/clock.ts'
import { createId } from './platform/ids.ts'
import type { Metrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { StoreError } from './platform/store-errors.ts'
import type { ObjectStore } from './stores/object-store.ts'
import { createReachability } from './stores/send/reachability.ts'

export interface OpenedBlobs {
  readonly blobs: BlobStore
  /** Whether they can be had now. */
  readonly isReachable: () => Promise<boolean>
}

/** Throws `ConfigError` where blobs lie that are somebody else's, or where those of the catalog do not. */
export async function openBlobs(
  config: Config,
  installation: InstallationCatalog,
  metrics: Metrics,
): Promise<OpenedBlobs> {
  if (config.blobs === null) return openDisk(config, installation)
  const store = createStore(config, config.blobs, metrics)
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
  }
}

function createStore(config: Config, url: string, metrics: Metrics): ObjectStore {
  try {
    return openObjectStore({
      url,
      credentials: credentialsOf(config),
      mayConnect: null,
      onSample: (sample) => metrics.observeStoreRequest(sample),
      clock: systemClock,
      random: systemRandom,
    })
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : 'cannot be used'}.`)
  }
}

function credentialsOf(config: Config): StoreToOpen['credentials'] {
  const { blobsAccessKeyId: id, blobsSecretAccessKey: secret } = config
  return id === null || secret === null ? null : { id, secret }
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
