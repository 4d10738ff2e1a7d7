/** What the tree of a mounted bucket stands on. */
import type { Catalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Cdn } from '../../stores/store-drivers.ts'
import type { ObjectStore } from '../../stores/object-store.ts'

export interface Mount {
  readonly bucket: string
  readonly store: ObjectStore
  /** `null`: no CDN stands before it. */
  readonly cdn: Cdn | null
  readonly catalog: Pick<Catalog, 'mounts' | 'uploads'>
  readonly clock: Clock
}
