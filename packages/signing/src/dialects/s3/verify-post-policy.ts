/**
 * Verifies browser uploads: the signature of the policy, and the form against it [S3-POST] [S3-POST-FORMS].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, NUMBER, TEXT } from '../../lib/known-options.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { parseBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import { toPairList } from '../../lib/pairs.ts'
import type { ContentLengthRange, FormFields } from '../../lib/v4-policy.ts'
import {
  checkContentLength,
  checkForm,
  collectFormFields,
  fillFileName,
  readV4Policy,
  requireFormField,
} from '../../lib/v4-policy.ts'
import type { ClockOptions, Pairs } from '../../types.ts'
import { checkAlgorithm } from './check-signature.ts'
import { checkScope, readCredential } from './credential-scope.ts'
import { findVerificationKey } from './find-key.ts'
import { isHexDigest, MAX_SKEW_SECONDS } from './params.ts'
import type { S3VerifierState } from './verifier-state.ts'
import { createVerifierState } from './verifier-state.ts'
import type { S3VerificationKey, S3VerifierOptions } from './verify-types.ts'

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

/** The rules of a verifier of forms. */
export interface S3PostVerifierOptions<
  Key extends S3VerificationKey = S3VerificationKey,
> extends Pick<S3VerifierOptions<Key>, 'lookup' | 'now' | 'region' | 'service' | 'maxSkewSeconds'> {
  /** A policy that ends longer than this after its date is refused. No limit unless given. */
  readonly maxExpiresInSeconds?: number | undefined
}

/** What a form is held against besides its policy. */
export interface S3PostTarget extends ClockOptions {
  /** The bucket the request went to, from its address: never the form's own word. */
  readonly bucket: string
}

export interface VerifyS3PostPolicyOptions<Key extends S3VerificationKey = S3VerificationKey>
  extends S3PostVerifierOptions<Key>, S3PostTarget {}

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
const MAX_POST_FIELDS_BYTES = 20_480

/** Verifies form after form. It keeps the keys it derives, until `lookup` gives another secret or none. */
export interface S3PostVerifier<Key extends S3VerificationKey = S3VerificationKey> {
  /** See {@link verifyS3PostPolicy}. */
  readonly verify: (request: S3PostRequest, target: S3PostTarget) => VerifiedS3Post<Key>
}

const KNOWN: OptionTable<VerifyS3PostPolicyOptions> = {
  lookup: CALL,
  region: true,
  service: TEXT,
  maxExpiresInSeconds: NUMBER,
  maxSkewSeconds: NUMBER,
  bucket: TEXT,
  now: true,
}

/** A verifier of forms for as long as its rules hold. */
export function createS3PostVerifier<Key extends S3VerificationKey>(
  options: S3PostVerifierOptions<Key>,
): S3PostVerifier<Key> {
  checkOptions(options, KNOWN)
  const state = createVerifierState<Key, S3PostVerifierOptions<Key>>(options)
  return { verify: (request, target) => verifyForm(state, request, target) }
}

/**
 * The verified form. Throws `SigningError` if the signature is not that of the policy, the policy is over, or the form
 * is not what it allows. The signature is checked before anything in the policy is decoded.
 */
export function verifyS3PostPolicy<Key extends S3VerificationKey>(
  request: S3PostRequest,
  options: VerifyS3PostPolicyOptions<Key>,
): VerifiedS3Post<Key> {
  return createS3PostVerifier(options).verify(request, options)
}

type PostVerifierState<Key extends S3VerificationKey> = S3VerifierState<
  Key,
  S3PostVerifierOptions<Key>
>

function verifyForm<Key extends S3VerificationKey>(
  state: PostVerifierState<Key>,
  request: S3PostRequest,
  target: S3PostTarget,
): VerifiedS3Post<Key> {
  requireOptions(target, 'bucket')
  const { bucket } = target
  const now = resolveNow(target.now ?? state.options.now)
  const fields = collectFields(request.fields)
  const objectKey = requireFormField(fields, 'key')
  const encoded = requireFormField(fields, 'policy')
  const { accessKeyId, key, signedAt } = verifyPolicySignature(state, fields, encoded)
  const policy = readV4Policy(encoded)
  checkTimes(signedAt, policy.expiresAt, now, state.options)
  const filled = fillFileName(fields, request.file.filename ?? '')
  checkBucket(filled, bucket)
  checkForm(policy, filled, 'x-amz-signature')
  const { contentLengthRange, expiresAt } = policy
  if (contentLengthRange !== null && request.file.size !== undefined) {
    checkContentLength(request.file.size, contentLengthRange)
  }
  return {
    kind: 'post',
    accessKeyId,
    key,
    bucket,
    objectKey: filled.get('key') ?? objectKey,
    signedAt,
    expiresAt,
    contentLengthRange,
    fields: filled,
  }
}

function collectFields(pairs: Pairs): FormFields {
  const list = toPairList(pairs, 'fields')
  const fields = collectFormFields(list)
  const bytes = list.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (bytes > MAX_POST_FIELDS_BYTES) {
    throw new SigningError('policy-malformed', 'the fields of the form are too long', {
      reason: `The fields before the file have more than ${MAX_POST_FIELDS_BYTES} bytes.`,
    })
  }
  return fields
}

function verifyPolicySignature<Key extends S3VerificationKey>(
  state: PostVerifierState<Key>,
  fields: FormFields,
  policy: string,
): { accessKeyId: string; key: Key; signedAt: Date } {
  const algorithm = requireFormField(fields, 'x-amz-algorithm')
  const credentialText = requireFormField(fields, 'x-amz-credential')
  const date = requireFormField(fields, 'x-amz-date')
  const signature = requireFormField(fields, 'x-amz-signature')
  checkAlgorithm(algorithm, false)
  const credential = readCredential(credentialText, algorithm, 'x-amz-credential')
  const signedAt = parseBasicTimestamp(date)
  if (signedAt === null) {
    throw new SigningError('parameter-malformed', 'x-amz-date is not a time', {
      parameter: 'x-amz-date',
      reason: "expected yyyyMMdd'T'HHmmss'Z'",
    })
  }
  const { region, service = 's3' } = state.options
  checkScope(credential.scope, { region, service, day: date.slice(0, 8) })
  const token = fields.get('x-amz-security-token') ?? null
  const key = findVerificationKey<Key>(state, credential.keyId, token)
  if (!isHexDigest(signature)) {
    throw new SigningError('signature-malformed', 'the signature has not the form of one', {
      parameter: 'x-amz-signature',
    })
  }
  const { keyId, scope } = credential
  const signer = state.keys.signer(keyId, key.secretAccessKey, scope)
  if (!equalText(signer.key.hex(policy), signature)) {
    throw new SigningError('signature-mismatch', 'the signature is not that of this policy', {
      dialect: 's3',
      stringToSign: policy,
    })
  }
  return { accessKeyId: keyId, key, signedAt }
}

function checkTimes(
  signedAt: Date,
  expiresAt: Date,
  now: Date,
  options: Pick<S3PostVerifierOptions, 'maxExpiresInSeconds' | 'maxSkewSeconds'>,
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
