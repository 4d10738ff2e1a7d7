/** Where the files of a place lie: in buckets of this server's own. What a mounted bucket holds only its store could say. */
import type { CoreContext } from '../context.ts'
import type { ObjectPath } from '../paths.ts'

export interface Place {
  readonly bucket: string
  readonly prefix: string
}

export interface Places {
  readonly places: readonly Place[]
  readonly buckets: { readonly count: number; readonly isPartial: boolean }
  readonly mounted: number
}

/** Each costs a look at the least. */
const MAX_BUCKETS = 100

/** None for a bucket that is not there: a key may be for one that nobody has made yet. */
export async function findPlaces(
  { catalog, mounts, keyRing }: CoreContext,
  { bucket, key: prefix }: ObjectPath,
): Promise<Places> {
  const named = bucket === '' ? null : await catalog.buckets.find(bucket)
  const all = bucket === '' ? await catalog.buckets.list() : named === null ? [] : [named]
  const { epoch } = (await keyRing.current()).snapshot
  const own: string[] = []
  for (const found of all) {
    if ((await mounts.at(epoch, found.name)) === null) own.push(found.name)
  }
  const looked = own.slice(0, MAX_BUCKETS)
  return {
    places: looked.map((name) => ({ bucket: name, prefix })),
    buckets: { count: own.length, isPartial: looked.length < own.length },
    mounted: all.length - own.length,
  }
}
