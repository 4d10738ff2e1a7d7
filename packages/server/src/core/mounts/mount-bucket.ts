/** Shows a bucket or container that exists already, with its own keys, as a bucket. Nothing is written into it by that. */
import type { BucketRecord, MountRecord, MountSettings } from '../../catalog/records.ts'
import { StoreError } from '../../platform/store-errors.ts'
import { StoreUrlError } from '../../stores/store-drivers.ts'
import type { CdnAccess, StoreCredentials } from '../../stores/store-drivers.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { INSTANCE, parseNewBucketName } from '../paths.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import { lineOfOwn } from '../policy/require-mount.ts'
import type { Permit } from '../policy/permit.ts'
import { sealMountSecret } from './mount-secret.ts'

export interface MountWish {
  readonly url: string
  /** `null`: what the machine itself is allowed. */
  readonly credentials: StoreCredentials | null
  readonly isReadOnly: boolean
  /** `null`: none stands before it. */
  readonly cdn: CdnAccess | null
}

/**
 * `permit` is for the whole instance: with the rights of this machine its bearer reaches what the store gives to it. Mounted again
 * at the same place, a bucket gets the new credentials and settings. Throws `bucket-exists`, `mount-overlaps`, `mount-limited`,
 * `store-refused`.
 */
export async function mountBucket(
  core: CoreContext,
  permit: Permit<'admin'>,
  bucketName: string,
  wish: MountWish,
): Promise<'created' | 'changed'> {
  const bucket = parseNewBucketName(bucketName)
  const { url, credentials, isReadOnly } = wish
  const place = placeOf(core, url)
  await requireFreePlace(core, bucket, place)
  await requireUsable(core, wish)
  await requireEnforceable(core, bucket, isReadOnly)
  const { settings, secret } = splitCdn(core, wish.cdn)
  const sealedSecret = sealMountSecret(core.sealer, bucket, { credentials, ...secret })
  const createdAt = core.clock.now()
  const mount = { bucket, url, place, isReadOnly, settings, sealedSecret, createdAt }
  const outcome = await store(core, permit, mount)
  await core.keyRing.refresh()
  core.log.info({ bucket, store: url, readOnly: isReadOnly, by: callerId(permit.caller) }, outcome)
  return outcome === 'bucket mounted' ? 'created' : 'changed'
}

/** What is shown of it, and what is sealed. Throws `store-refused` for a key that cannot sign. */
function splitCdn(
  { stores }: CoreContext,
  cdn: CdnAccess | null,
): { readonly settings: MountSettings; readonly secret: { readonly cdnKey?: string } } {
  if (cdn === null) return { settings: {}, secret: {} }
  const { key: cdnKey, ...shown } = { ...cdn, url: cdn.url.replace(/\/+$/, '') }
  const url = URL.parse(shown.url)
  // A star would be any number of folders in what cookies open.
  if (url?.protocol !== 'https:' || url.username !== '' || /[*?#]/.test(shown.url)) {
    throw refusal('store-refused', { reason: 'the URL of its CDN is no https://HOST/PATH' })
  }
  try {
    stores.openCdn({ ...shown, key: cdnKey })
  } catch (error) {
    if (!(error instanceof StoreUrlError)) throw error
    throw refusal('store-refused', { reason: error.message }, error)
  }
  return { settings: { cdn: shown }, secret: { cdnKey } }
}

async function store(
  core: CoreContext,
  permit: Permit<'admin'>,
  mount: MountRecord,
): Promise<'bucket mounted' | 'mount changed'> {
  const { bucket: name, createdAt } = mount
  const standing = (await core.catalog.mounts.list()).find((other) => other.bucket === name)
  if (standing?.place === mount.place) {
    const isThere = await changeInEpoch(core, permit, (rights) =>
      core.catalog.mounts.update(mount, rights),
    )
    if (isThere) return 'mount changed'
  }
  const bucket: BucketRecord = { name, createdAt, versioning: 'off', settings: {} }
  const made = await changeInEpoch(core, permit, (rights) =>
    core.catalog.mounts.create({ bucket, mount }, rights),
  )
  if (made.outcome === 'overlaps') throw refusal('mount-overlaps', { other: made.bucket })
  if (made.outcome === 'exists') throw refusal('bucket-exists', { bucket: name })
  return 'bucket mounted'
}

function placeOf({ stores }: CoreContext, url: string): string {
  try {
    return stores.placeOf(url)
  } catch (error) {
    if (!(error instanceof StoreUrlError)) throw error
    throw refusal('store-refused', { reason: error.message }, error)
  }
}

/** Blobs of this server are nobody's to read, write or delete by their names. Other mounts are compared again in the transaction. */
async function requireFreePlace(
  { blobsPlace, catalog }: CoreContext,
  bucket: string,
  place: string,
): Promise<void> {
  const overlaps = (other: string): boolean => other.startsWith(place) || place.startsWith(other)
  if (blobsPlace !== null && overlaps(blobsPlace)) {
    throw refusal('mount-overlaps', { other: "this server's own blobs" })
  }
  const others = (await catalog.mounts.list()).filter((mount) => mount.bucket !== bucket)
  const other = others.find((mount) => overlaps(mount.place))
  if (other !== undefined) throw refusal('mount-overlaps', { other: other.bucket })
}

/** The store answers, and lets these credentials list. */
async function requireUsable(
  { stores }: CoreContext,
  { url, credentials }: MountWish,
): Promise<void> {
  try {
    const store = await stores.open({ url, credentials })
    try {
      await store.list({ prefix: '', delimiter: null, after: '', limit: 1 })
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof StoreUrlError)) throw error
    throw refusal('store-refused', { reason: withoutStop(error.message) }, error)
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

/** What holds for every bucket would hold for this one. */
async function requireEnforceable(
  { catalog }: CoreContext,
  bucket: string,
  isReadOnly: boolean,
): Promise<void> {
  const [instance] = await catalog.folders.findMany([INSTANCE])
  const line = instance === undefined ? null : lineOfOwn(instance.policy)
  if (line === null || isReadOnly) return
  const reason = `the policy of the instance says ${line}, which can be kept for files of this server's own alone`
  throw refusal('mount-limited', { bucket, reason })
}
