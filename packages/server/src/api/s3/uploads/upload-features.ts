/**
 * What a PUT may ask for that this server does not do. Ignoring it would be worse than refusing: a client that asked for
 * encryption, a lock or a copy believes that it got it.
 */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Request } from '../face.ts'
import { checkEncryption } from './encryption-headers.ts'

/** Values that ask for nothing beyond what always holds. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-object-lock-legal-hold': ['OFF'],
  'x-amz-bucket-object-lock-enabled': ['false'],
  'x-amz-object-ownership': ['BucketOwnerEnforced'],
}

const REFUSED_PREFIXES: readonly string[] = [
  'x-amz-acl',
  'x-amz-bucket-object-lock-enabled',
  'x-amz-copy-source',
  'x-amz-grant-',
  'x-amz-meta-snowball-auto-extract',
  'x-amz-object-lock-',
  'x-amz-object-ownership',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
]

/**
 * Throws `not-implemented` and names the header, `acl-not-supported`, or `field-invalid` for what contradicts itself. Signers may have
 * moved it into the query. `taken` are what the operation has.
 */
export function refuseUnsupportedFeatures(request: S3Request, taken: readonly string[] = []): void {
  const { headers } = request.raw
  for (let index = 0; index + 1 < headers.length; index += 2) {
    refuse(request, [headers[index] ?? '', headers[index + 1] ?? ''], taken)
  }
  for (const pair of request.query) refuse(request, pair, taken)
}

function refuse(
  request: S3Request,
  [header, value]: readonly [string, string],
  taken: readonly string[],
): void {
  if (header.length < 9 || !/^x-amz-/i.test(header)) return
  const name = header.toLowerCase()
  if (taken.includes(name)) return
  if (!REFUSED_PREFIXES.some((prefix) => name.startsWith(prefix))) return
  if (Object.hasOwn(HARMLESS, name) && HARMLESS[name]?.includes(value) === true) return
  if (name === 'x-amz-acl' || name.startsWith('x-amz-grant-')) {
    throw s3Refusal('acl-not-supported', {})
  }
  if (name.startsWith('x-amz-server-side-encryption')) checkEncryption(request)
  throw s3Refusal('not-implemented', { feature: name })
}
