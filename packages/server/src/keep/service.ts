/** A service as those see it who keep or move all of it: a catalog, a blob store, and the folder that goes with them. */
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { RowCatalogPlace } from '../catalog/rows/row-catalog.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'

export interface Service {
  readonly dataDir: string
  /** Of the catalog, for people: never with a password. */
  readonly name: string
  readonly rows: RowCatalogPlace
  readonly blobs: BlobStore
  readonly blobPlace: BlobPlace
  /** Opens the catalog as a server does, which brings its schema up to this version and compares whose the blobs are. */
  readonly open: () => Promise<Catalog>
  /** The file with the master key; `null` where a setting has it. */
  readonly masterKeyFile: string | null
  /** Takes the data directory for this process alone, which no server may have meanwhile; what is called gives it back. */
  readonly lock: () => Promise<() => void>
  readonly clock: Clock
  readonly random: Random
  /** What was opened with it; no catalog. */
  readonly close: () => Promise<void>
}

/** Where the blobs of a service lie. */
export interface BlobPlace {
  /** Spelled one way: two services have the same blobs if they have the same place. */
  readonly id: string
  /** As the catalog knows it; `null`: a folder, which goes with its catalog. */
  readonly name: string | null
  /** Makes it that of an installation, if it is nobody's yet. Throws `ConfigError` if it is another's. */
  readonly mark: (installation: string) => Promise<void>
}

/** Told of how far something is. Called often: whoever shows it does so now and then. */
export type OnProgress = (progress: Progress) => void

export interface Progress {
  /** `rows` or `blobs`. */
  readonly what: 'rows' | 'blobs'
  readonly done: number
  /** `null` if nobody knows. */
  readonly of: number | null
}
