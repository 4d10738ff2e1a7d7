/** Opens where blobs lie, and sees to it that blobs are where the catalog believes them to be. */
import { join } from 'node:path'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { MARKER, readMarker, writeMarker } from './blobs/stored/marker.ts'
import { createStoredBlobStore } from './blobs/stored/stored-blob-store.ts'
import type { InstallationCatalog } from './catalog/catalog.ts'
import { lookAtStoreOpenness, openObjectStore, placeOfStore } from './compose-object-store.ts'
import type { StoreToOpen } from './compose-object-store.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config.ts'
import type { CoreContext } from './core/context.ts'
import { systemClock } from './platform/clock.ts'
import { SECOND_MS } from './platform/durations.ts'
import { createId } from './platform/ids.ts'
import type { Log } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { StoreError } from './platform/store-errors.ts'
import type { ObjectStore, Reach } from './stores/object-store.ts'
import { createReachability, REACHED } from './stores/send/reachability.ts'
import type { StoreSample } from './stores/send/sender.ts'

export interface OpenedBlobs {
  readonly blobs: BlobStore
  /** Whether they can be had now. */
  readonly lookAtStore: () => Promise<Reach>
  /** What everybody may do where they lie; `null`: they lie on this machine. */
  readonly lookAtBlobs: CoreContext['lookAtBlobs']
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

/** Whoever starts a server is told what it waits for after so long. */
const SLOW_MS = 3 * SECOND_MS

type OnSample = (sample: StoreSample) => void

/** Throws `ConfigError` where blobs lie that are somebody else's, or where those of the catalog do not; a StoreError if nobody can tell now. */
export async function openBlobs(
  config: Config,
  installation: InstallationCatalog,
  { metrics, log }: { readonly metrics: Metrics; readonly log: Pick<Log, 'warn'> },
): Promise<OpenedBlobs> {
  const found = findBlobs(config, (sample) => metrics.observeStoreRequest(sample))
  const slow = setTimeout(() => {
    const { name: store } = found
    const isGiven = credentialsOf(config) !== null
    const credentials = isGiven ? 'those that are set' : 'looked for on this machine'
    log.warn({ store, credentials }, 'waiting for the object store')
  }, SLOW_MS)
  try {
    await found.claim(installation)
    return found
  } catch (error) {
    await found.blobs.close()
    if (error instanceof StoreError && error.fault === 'refused') {
      throw refused(`cannot be used: ${error.message}`)
    }
    throw error
  } finally {
    clearTimeout(slow)
  }
}

/** Asks nobody yet. Throws `ConfigError` for an address that is none. */
export function findBlobs(config: Config, onSample: OnSample): FoundBlobs {
  if (config.blobs === null) return findDisk(config)
  const url = config.blobs
  const toOpen = storeToOpen(url, credentialsOf(config), onSample)
  const store = orRefused(() => openObjectStore(toOpen))
  return {
    blobs: createStoredBlobStore(store, systemRandom),
    lookAtStore: createReachability(() => store.stat(MARKER)),
    lookAtBlobs: () => lookAtStoreOpenness(toOpen),
    place: placeOfStore(url),
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
    lookAtStore: () => Promise.resolve(REACHED),
    lookAtBlobs: null,
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

/** An object store by its address, asked with what this machine is allowed. Throws an `Error` for an address that is none. */
export function openChainedStore(url: string): ObjectStore {
  return openObjectStore(storeToOpen(url, null, () => undefined))
}

function storeToOpen(
  url: string,
  credentials: StoreToOpen['credentials'],
  onSample: OnSample,
): StoreToOpen {
  return {
    url,
    credentials,
    mayConnect: null,
    onSample,
    clock: systemClock,
    random: systemRandom,
  }
}

function credentialsOf(config: Config): StoreToOpen['credentials'] {
  const { blobsAccessKeyId: id, blobsSecretAccessKey: secret } = config
  return id === null || secret === null ? null : { id, secret }
}

function orRefused<T>(open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : 'cannot be used'}.`)
  }
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
