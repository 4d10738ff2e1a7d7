/**
 * Which bucket a command means, and with which key. It comes from where the AWS command line finds it; where that is nowhere, the server's
 * own way to look for credentials has the rest: web identity, container, instance metadata.
 *
 * @module
 */
import type { StoreAccess } from '@hallpass/server'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { findAwsCredentials } from '../keys/aws-credentials.ts'

/** `s3://bucket/prefix?region=…`: what has a scheme that is none of the web. */
export function isBucketUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !/^(?:https?|file):/i.test(text)
}

/** @throws {CliError} for a store of another kind */
export async function readBucketAccess(io: CliIo, url: string): Promise<StoreAccess> {
  if (!url.startsWith('s3://')) {
    throw new CliError('the address of a bucket must begin with s3://: others are not read here.')
  }
  return { url, credentials: await findAwsCredentials(io, {}) }
}
