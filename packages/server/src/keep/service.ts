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
  /** Opens the catalog as a server does, which brings its schema up to this version. */
  readonly open: () => Promise<Catalog>
  /** The file with the master key; `null` where a setting has it. */
  readonly masterKeyFile: string | null
  /** Takes the data directory for this process alone, which no server may have meanwhile; what is called gives it back. */
  readonly lock: () => Promise<() => void>
  readonly clock: Clock
  readonly random: Random
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
