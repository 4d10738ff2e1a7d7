/** What is sealed of a mount: the credentials of the store, and the keys of a CDN. It is opened where it is used and shown to nobody. */
import type { MountRecord } from '../../catalog/records.ts'
import type { StoreCredentials } from '../../stores/store-drivers.ts'
import type { Sealer } from '../keys/seal.ts'

export interface MountSecret {
  /** `null`: what the machine itself is allowed. */
  readonly credentials: StoreCredentials | null
  /** What signs for the CDN, as the CDN gives it; nothing where there is none. */
  readonly cdnKey?: string
}

export function sealMountSecret(sealer: Sealer, bucket: string, secret: MountSecret): Uint8Array {
  return sealer.for('mount-secret').seal(bucket, JSON.stringify(secret))
}

export function openMountSecret(
  sealer: Sealer,
  { bucket, sealedSecret }: Pick<MountRecord, 'bucket' | 'sealedSecret'>,
): MountSecret {
  return JSON.parse(sealer.for('mount-secret').open(bucket, sealedSecret)) as MountSecret
}
