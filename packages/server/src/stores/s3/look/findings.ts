/** Makes findings of a bucket, of what a look at it came to. */
import { StoreError } from '../../../platform/store-errors.ts'
import type { BucketFinding, BucketStatus } from '../../bucket-look.ts'

/** What there is to say of one thing. */
export interface Seen {
  readonly status: Exclude<BucketStatus, 'unknown'>
  readonly found: string
  readonly means: string
  readonly remedy?: string
  readonly command?: string
}

/** It could not be seen: `message` says why. */
export class Unseen extends Error {
  override readonly name: string = 'Unseen'
}

/** `unknown` where the look throws {@link Unseen}, or the store does not answer. */
export async function lookFor(id: string, look: () => Promise<Seen>): Promise<BucketFinding> {
  try {
    const { status, found, means, remedy = null, command = null } = await look()
    return { id, status, found, means, remedy, command }
  } catch (error) {
    if (!(error instanceof Unseen || error instanceof StoreError)) throw error
    const means = 'Nobody knows: look at it with the means of the store.'
    return { id, status: 'unknown', found: error.message, means, remedy: null, command: null }
  }
}
