/**
 * Looks at a bucket of an object store before it is mounted, or files are kept in it.
 *
 * @module
 */
import { StoreError, StoreUrlError, lookAtBucket } from '@hallpass/server'
import type { BucketLook } from '@hallpass/server'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { readBucketAccess } from './bucket-access.ts'

/** @throws {CliError} if it is no address of a bucket, or nobody answers */
export async function examineBucket(
  io: CliIo,
  url: string,
  { probes }: { readonly probes: boolean },
): Promise<BucketLook> {
  const access = await readBucketAccess(io, url)
  const { signal } = new AbortController()
  try {
    return await lookAtBucket(access, { probes, signal })
  } catch (error) {
    throw toCliError(error)
  }
}

/** What is wrong with an address is the caller's matter, what a store does not do is the store's. */
export function toCliError(error: unknown): unknown {
  if (error instanceof StoreUrlError) {
    return new CliError(error.message.replace(/^its URL/, 'the address of the bucket'))
  }
  return error instanceof StoreError ? new CliError(error.message, EXIT.failure, error) : error
}
