/**
 * What a PUT may ask for that this server does not do. Ignoring it would be worse than refusing: a client that asked for
 * encryption, a lock or a copy believes that it got it.
 */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Request } from '../face.ts'
import { checkEncryption } from './encryption-headers.ts'
import { checkFeatureValue } from './feature-values.ts'

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

interface Accepted {
  /** What the operation has. */
  readonly taken: readonly string[]
  /** How it refuses an ACL. */
  readonly acl: 'acl-not-supported' | 'bucket-acl-not-supported'
}

/**
 * Throws `not-implemented` and names the header, what S3 has for an ACL or a lock where there are none, or what it has for a value that it
 * takes nowhere. Signers may have moved the header into the query. `taken` are what the operation has.
 */
export function refuseUnsupportedFeatures(
  request: S3Request,
  taken: readonly string[] = [],
  acl: Accepted['acl'] = 'acl-not-supported',
): void {
  const { headers } = request.raw
  const accepted = { taken, acl }
  for (let index = 0; index + 1 < headers.length; index += 2) {
    refuse(request, [headers[index] ?? '', headers[index + 1] ?? ''], accepted)
  }
  for (const pair of request.query) refuse(request, pair, accepted)
}

function refuse(
  request: S3Request,
  [header, value]: readonly [string, string],
  { taken, acl }: Accepted,
): void {
  if (header.length < 9 || !/^x-amz-/i.test(header)) return
  const name = header.toLowerCase()
  if (taken.includes(name)) return
  if (!REFUSED_PREFIXES.some((prefix) => name.startsWith(prefix))) return
  checkFeatureValue(request, name, value)
  if (Object.hasOwn(HARMLESS, name) && HARMLESS[name]?.includes(value) === true) return
  if (name === 'x-amz-acl' || name.startsWith('x-amz-grant-')) throw s3Refusal(acl, {})
  if (name.startsWith('x-amz-object-lock-')) throw s3Refusal('lock-not-configured', {})
  if (name.startsWith('x-amz-server-side-encryption')) checkEncryption(request)
  throw s3Refusal('not-implemented', { feature: name })
}
