/** What S3 keeps with a bucket besides its files: read, changed, and remembered by nobody longer than an epoch. */
import type { BucketChange } from '../../catalog/catalog.ts'
import type { BucketRecord, Versioning } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { bucketNotFound } from './buckets.ts'
import { callerId } from '../identity.ts'
import { requireManaged } from '../mounts/require-managed.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import type { CorsRule } from './cors-rules.ts'

/** Each is kept under its name as JSON; one that is `null` is not set. */
interface Settings {
  readonly cors: readonly CorsRule[]
  readonly tags: Readonly<Record<string, string>>
  /** As it was put; what it says is a matter of folders. */
  readonly policy: string
  readonly publicAccessBlock: PublicAccessBlock
}

/** What S3 lets a bucket say of ACLs that would make something public. None counts here, whatever it says. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
}

type Change = { readonly [Name in keyof Settings]?: Settings[Name] | null }

type Holder = Pick<BucketRecord, 'settings'>

export function corsRulesOf(bucket: Holder): Settings['cors'] | null {
  return settingOf(bucket, 'cors')
}

export function tagsOf(bucket: Holder): Settings['tags'] | null {
  return settingOf(bucket, 'tags')
}

export function policyTextOf(bucket: Holder): string | null {
  return settingOf(bucket, 'policy')
}

export function publicAccessBlockOf(bucket: Holder): PublicAccessBlock | null {
  return settingOf(bucket, 'publicAccessBlock')
}

function settingOf<Name extends keyof Settings>(
  { settings }: Holder,
  name: Name,
): Settings[Name] | null {
  return Object.hasOwn(settings, name) ? (settings[name] as Settings[Name]) : null
}

/** Throws `bucket-not-found`. */
export async function changeSettings(
  core: CoreContext,
  permit: Permit<'admin'>,
  change: Change,
): Promise<void> {
  await update(core, permit, { settings: change })
}

/** Once versions were kept they are suspended at most. Throws `bucket-not-found`. */
export async function setVersioning(
  core: CoreContext,
  permit: Permit<'admin'>,
  versioning: Exclude<Versioning, 'off'>,
): Promise<void> {
  await requireManaged(core, permit, 'its versions are a matter of the store')
  await update(core, permit, { versioning })
}

async function update(
  core: CoreContext,
  permit: Permit<'admin'>,
  change: BucketChange,
): Promise<void> {
  const { bucket } = permit.path
  const isDone = await changeInEpoch(core, permit, (rights) =>
    core.catalog.buckets.update(bucket, change, rights),
  )
  if (!isDone) throw bucketNotFound(bucket)
  await core.keyRing.refresh()
  const changed = 'settings' in change ? Object.keys(change.settings ?? {}) : Object.keys(change)
  core.log.info({ bucket, changed, by: callerId(permit.caller) }, 'bucket changed')
}
