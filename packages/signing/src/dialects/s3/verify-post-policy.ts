/**
 * Verifies browser uploads: the signature of the policy, and the form against it [S3-POST] [S3-POST-FORMS].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { parseBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import { deriveV4SigningKey, toPairList } from '../../lib/v4.ts'
import type { Pairs } from '../../types.ts'
import { checkAlgorithm } from './check-signature.ts'
import { checkScope, readCredential } from './credential-scope.ts'
import { findVerificationKey } from './find-key.ts'
import { isHexDigest, MAX_SKEW_SECONDS, S3_SCHEME } from './params.ts'
import type { ContentLengthRange } from './policy-document.ts'
import { checkConditions, readPolicyDocument } from './policy-document.ts'
import type { S3VerificationKey, VerifyS3Options } from './verify-types.ts'

/** A form as it arrived: the fields before the file, and what is known of the file. */
export interface S3PostRequest {
  /** Names and values in order of arrival, so that repeats are seen. Fields after the file do not count. */
  readonly fields: Pairs
  readonly file: {
    /** The name the browser gave, put in for `${filename}`. */
    readonly filename?: string | undefined
    /** The size, if it is known already; it is then checked here. */
    readonly size?: number | undefined
  }
}

export interface VerifyS3PostPolicyOptions<
  Key extends S3VerificationKey = S3VerificationKey,
> extends Pick<VerifyS3Options<Key>, 'lookup' | 'region' | 'service' | 'now' | 'maxSkewSeconds'> {
  /** The bucket the request went to, from its address: never the form's own word. */
  readonly bucket: string
  /** A policy that ends longer than this after its date is refused. No limit unless given. */
  readonly maxExpiresInSeconds?: number | undefined
}

/** A form that its key's holder allowed. */
export interface VerifiedS3Post<Key extends S3VerificationKey = S3VerificationKey> {
  readonly kind: 'post'
  readonly accessKeyId: string
  /** What `lookup` returned. */
  readonly key: Key
  readonly bucket: string
  /** The key of the object, `${filename}` put in. */
  readonly objectKey: string
  readonly signedAt: Date
  readonly expiresAt: Date
  /** To be enforced while the file arrives; `null` if the policy leaves the size open. */
  readonly contentLengthRange: ContentLengthRange | null
  /** Every field, by its name in lower case, `${filename}` put in. */
  readonly fields: ReadonlyMap<string, string>
}

/** [S3-POST-FORMS] All that comes before the file has at most this many bytes. */
export const MAX_POST_FIELDS_BYTES = 20_480

/**
 * The verified form. Throws `SigningError` if the signature is not that of the policy, the policy is over, or the form
 * is not what it allows. The signature is checked before anything in the policy is decoded.
 */
export function verifyS3PostPolicy<Key extends S3VerificationKey>(
  request: S3PostRequest,
  options: VerifyS3PostPolicyOptions<Key>,
): VerifiedS3Post<Key> {
  const now = resolveNow(options.now)
  const fields = collectFields(toPairList(request.fields))
  const objectKey = requireField(fields, 'key')
  const policy = requireField(fields, 'policy')
  const { accessKeyId, key, signedAt } = verifyPolicySignature(fields, policy, options)
  const document = readPolicyDocument(policy)
  checkTimes(signedAt, document.expiresAt, now, options)
  const filled = putInFilename(fields, request.file.filename ?? '')
  checkBucket(filled, options.bucket)
  const contentLengthRange = checkConditions(document.conditions, filled)
  if (contentLengthRange !== null && request.file.size !== undefined) {
    checkContentLength(request.file.size, contentLengthRange)
  }
  return {
    kind: 'post',
    accessKeyId,
    key,
    bucket: options.bucket,
    objectKey: filled.get('key') ?? objectKey,
    signedAt,
    expiresAt: document.expiresAt,
    contentLengthRange,
    fields: filled,
  }
}

/** Refuses a size outside of the range; both ends are inside. */
export function checkContentLength(size: number, range: ContentLengthRange): void {
  const { maxBytes, minBytes } = range
  if (size > maxBytes) {
    throw new SigningError('entity-too-large', 'the file is larger than its policy allows', {
      size,
      maxBytes,
    })
  }
  if (size < minBytes) {
    throw new SigningError('entity-too-small', 'the file is smaller than its policy allows', {
      size,
      minBytes,
    })
  }
}

/** The fields by their names in lower case: to a policy, names have no case, so two spellings are a repeat. */
function collectFields(pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const fields = new Map<string, string>()
  let bytes = 0
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    if (fields.has(lower)) {
      throw new SigningError('parameter-duplicate', 'a field of the form came more than once', {
        parameter: name,
      })
    }
    fields.set(lower, value)
    bytes += name.length + value.length
  }
  if (bytes > MAX_POST_FIELDS_BYTES) {
    throw new SigningError('policy-malformed', 'the fields of the form are too long', {
      reason: `The fields before the file have more than ${MAX_POST_FIELDS_BYTES} bytes.`,
    })
  }
  return fields
}

function requireField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name)
  if (value !== undefined && value !== '') return value
  throw new SigningError('parameter-missing', `the form lacks the field ${name}`, {
    parameter: name,
  })
}

function verifyPolicySignature<Key extends S3VerificationKey>(
  fields: ReadonlyMap<string, string>,
  policy: string,
  options: VerifyS3PostPolicyOptions<Key>,
): { accessKeyId: string; key: Key; signedAt: Date } {
  const algorithm = requireField(fields, 'x-amz-algorithm')
  const credentialText = requireField(fields, 'x-amz-credential')
  const date = requireField(fields, 'x-amz-date')
  const signature = requireField(fields, 'x-amz-signature')
  checkAlgorithm(algorithm, false)
  const credential = readCredential(credentialText, algorithm, 'x-amz-credential')
  const signedAt = parseBasicTimestamp(date)
  if (signedAt === null) {
    throw new SigningError('parameter-malformed', 'x-amz-date is not a time', {
      parameter: 'x-amz-date',
      reason: "expected yyyyMMdd'T'HHmmss'Z'",
    })
  }
  const service = options.service ?? 's3'
  checkScope(credential.scope, { region: options.region, service, day: date.slice(0, 8) })
  const token = fields.get('x-amz-security-token') ?? null
  const key = findVerificationKey(options.lookup, credential.keyId, token)
  if (!isHexDigest(signature)) {
    throw new SigningError('signature-malformed', 'the signature has not the form of one', {
      parameter: 'x-amz-signature',
    })
  }
  const signingKey = deriveV4SigningKey(S3_SCHEME, key.secretAccessKey, credential.scope)
  if (!equalText(signingKey.hex(policy), signature)) {
    throw new SigningError('signature-mismatch', 'the signature is not that of this policy', {
      dialect: 's3',
      stringToSign: policy,
    })
  }
  return { accessKeyId: credential.keyId, key, signedAt }
}

function checkTimes(
  signedAt: Date,
  expiresAt: Date,
  now: Date,
  options: Pick<VerifyS3PostPolicyOptions, 'maxExpiresInSeconds' | 'maxSkewSeconds'>,
): void {
  const skew = (options.maxSkewSeconds ?? MAX_SKEW_SECONDS) * 1000
  if (signedAt.getTime() - now.getTime() > skew) {
    throw new SigningError('signature-not-yet-valid', 'the policy is not valid yet', {
      validFrom: signedAt,
      now,
      expiresAt,
    })
  }
  if (now.getTime() >= expiresAt.getTime()) {
    throw new SigningError('signature-expired', 'the policy has expired', {
      expiredAt: expiresAt,
      now,
      signedAt,
    })
  }
  const seconds = Math.ceil((expiresAt.getTime() - signedAt.getTime()) / 1000)
  const { maxExpiresInSeconds: maxSeconds } = options
  if (maxSeconds !== undefined && seconds > maxSeconds) {
    throw new SigningError('expiry-too-long', 'the life of the policy is longer than allowed', {
      seconds,
      maxSeconds,
    })
  }
}

/**
 * The fields with `${filename}` replaced, before conditions are looked at, by the last part of the file's name:
 * what stands before a slash or backslash is the sender's own folder, or an attempt to reach another.
 */
function putInFilename(fields: ReadonlyMap<string, string>, filename: string): Map<string, string> {
  const name = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
  const filled = new Map<string, string>()
  for (const [field, value] of fields) {
    // Joined, not replaced: a dollar in the file's name has no meaning.
    filled.set(field, field === 'policy' ? value : value.split('${filename}').join(name))
  }
  return filled
}

/** The bucket is held against the policy as if it were a field; a field of the name must not say another. */
function checkBucket(fields: Map<string, string>, bucket: string): void {
  const given = fields.get('bucket')
  if (given !== undefined && given !== bucket) {
    throw new SigningError('policy-condition-failed', 'the form is for another bucket', {
      condition: `["eq", "$bucket", ${JSON.stringify(given)}]`,
    })
  }
  fields.set('bucket', bucket)
}
