/**
 * Which bucket a command means, and with which key. It comes from where the AWS command line finds it; where that is nowhere, the server's
 * own way to look for credentials has the rest: web identity, container, instance metadata.
 *
 * @module
 */
import type { StoreAccess } from '@hallpass/server'
import type { CliIo } from '../io.ts'
import { findAwsCredentials } from '../keys/aws-credentials.ts'

/** `s3://bucket/prefix?region=…`: what has a scheme that is none of the web. */
export function isBucketUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !/^(?:https?|file):/i.test(text)
}

export async function readBucketAccess(io: CliIo, url: string): Promise<StoreAccess> {
  const isS3 = url.startsWith('s3://')
  return { url, credentials: isS3 ? await findAwsCredentials(io, {}) : null }
}
