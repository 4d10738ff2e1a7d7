/**
 * Verifies the form of an upload: signature over the policy text first, then the policy's end and conditions.
 *
 * @module
 */

import { SigningError } from '../../errors.ts'
import type { NameRule } from '../../lib/name-rule.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, NUMBER, TEXT } from '../../lib/known-options.ts'
import { requireLookup, requireOptions } from '../../lib/required-options.ts'
import { parseBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import type { FormFields } from '../../lib/v4-policy.ts'
import {
  checkContentLength,
  checkForm,
  collectFormFields,
  fillFileName,
  readV4Policy,
  requireFormField,
} from '../../lib/v4-policy.ts'
import type { GcsSignatureClaim } from './check-signature.ts'
import {
  createGcsVerifierKeys,
  isRightSignature,
  isRightSignatureAsync,
} from './check-signature.ts'
import { readAlgorithm, readCredential } from './credential.ts'
import type { ClockOptions } from '../../types.ts'
import type { GcsAlgorithm } from './params.ts'
import { malformed } from './params.ts'
import type { GcsAsyncVerifierOptions, GcsVerifierOptions } from './verify.ts'
import { checkLocation } from './verify.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

/** What a verifier knows of one form beside its fields. */
export interface GcsPostTarget extends ClockOptions {
  /** The bucket the form was posted to: by path or host, never by a field. */
  readonly bucket: string
  /** Size of the file, if known by now. Else compare `sizeRange` while the bytes come. */
  readonly size?: number
  /** The name the browser gave the file, for `${filename}` in fields. */
  readonly fileName?: string
}

/** What {@link verifyGcsPostPolicy} needs. */
export interface VerifyGcsPostOptions extends GcsVerifierOptions, GcsPostTarget {}

/** The asynchronous twin, whose look-up may wait. */
export interface VerifyGcsPostAsyncOptions extends GcsAsyncVerifierOptions, GcsPostTarget {}

/** What a valid form says. */
export interface VerifiedGcsPost {
  readonly keyId: string
  readonly algorithm: GcsAlgorithm
  /** The name of the object, `${filename}` filled in. */
  readonly key: string
  /** The fields by name in lower case, `${filename}` filled in; none of them is outside the policy but `x-ignore-…`. */
  readonly fields: ReadonlyMap<string, string>
  readonly sizeRange: readonly [min: number, max: number] | null
  readonly expiresAt: Date
}

type Fields = readonly (readonly [name: string, value: string])[]

/** Verifies form after form. It keeps the keys it derives and reads. */
export interface GcsPostVerifier {
  /** See {@link verifyGcsPostPolicy}. */
  readonly verify: (fields: Fields, target: GcsPostTarget) => VerifiedGcsPost
}

/** The same over WebCrypto. */
export interface GcsAsyncPostVerifier {
  readonly verify: (fields: Fields, target: GcsPostTarget) => Promise<VerifiedGcsPost>
}

const KNOWN: OptionTable<VerifyGcsPostOptions> = {
  lookup: CALL,
  location: true,
  now: true,
  bucket: TEXT,
  fileName: TEXT,
  size: NUMBER,
}

/** A verifier of forms for as long as its rules hold. */
export function createGcsPostVerifier(options: GcsVerifierOptions): GcsPostVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keys = createGcsVerifierKeys()
  const location = checkLocation(options.location)
  function verify(fields: Fields, target: GcsPostTarget): VerifiedGcsPost {
    requireOptions(target, 'bucket')
    const claim = readClaim(fields, location)
    const isRight = isRightSignature(
      keys,
      claim,
      lookupAnswer(options.lookup(claim.credential.keyId)),
    )
    return conclude(claim, isRight, { ...target, now: target.now ?? options.now })
  }
  return { verify }
}

/** The asynchronous twin of {@link createGcsPostVerifier}. */
export function createGcsAsyncPostVerifier(options: GcsAsyncVerifierOptions): GcsAsyncPostVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keys = createGcsVerifierKeys()
  const location = checkLocation(options.location)
  async function verify(fields: Fields, target: GcsPostTarget): Promise<VerifiedGcsPost> {
    requireOptions(target, 'bucket')
    const claim = readClaim(fields, location)
    const key = lookupAnswer(await options.lookup(claim.credential.keyId))
    const isRight = await isRightSignatureAsync(keys, claim, key)
    return conclude(claim, isRight, { ...target, now: target.now ?? options.now })
  }
  return { verify }
}

/**
 * What the form grants.
 *
 * @param fields name and value of every field in front of `file`, in order, undecoded and unmerged
 * @throws {SigningError} `parameter-missing`, `parameter-duplicate`, `parameter-malformed`, `algorithm-unsupported`,
 * `scope-mismatch`, `key-unknown`, `signature-malformed`, `signature-mismatch`, `policy-malformed`,
 * `signature-expired`, `policy-condition-failed`, `policy-extra-field`, `entity-too-large`, `entity-too-small`
 */
export function verifyGcsPostPolicy(
  fields: Fields,
  options: VerifyGcsPostOptions,
): VerifiedGcsPost {
  return createGcsPostVerifier(options).verify(fields, options)
}

/** The same over WebCrypto. */
export async function verifyGcsPostPolicyAsync(
  fields: Fields,
  options: VerifyGcsPostAsyncOptions,
): Promise<VerifiedGcsPost> {
  return createGcsAsyncPostVerifier(options).verify(fields, options)
}

interface Claim extends GcsSignatureClaim {
  readonly fields: FormFields
  readonly signed: string
}

// Google takes 20 KiB in front of the file; nobody parses more than that for a stranger.
const MAX_POLICY_LENGTH = 20_480

function readClaim(list: Fields, location: NameRule | undefined): Claim {
  const fields = collectFormFields(list)
  const policy = requireFormField(fields, 'policy')
  if (policy.length > MAX_POLICY_LENGTH) throw malformed('policy', 'expected 20 KiB at most')
  const algorithm = readAlgorithm(requireFormField(fields, 'x-goog-algorithm'))
  const timestamp = requireFormField(fields, 'x-goog-date')
  if (parseBasicTimestamp(timestamp) === null) {
    throw malformed('x-goog-date', "expected yyyyMMdd'T'HHmmss'Z'")
  }
  const text = requireFormField(fields, 'x-goog-credential')
  const credential = readCredential(text, timestamp, location, 'x-goog-credential')
  const parameter = 'x-goog-signature'
  const signature = requireFormField(fields, parameter)
  requireFormField(fields, 'key')
  return { fields, algorithm, credential, signed: policy, signature, parameter }
}

function conclude(claim: Claim, isRight: boolean, target: GcsPostTarget): VerifiedGcsPost {
  if (!isRight) {
    throw new SigningError('signature-mismatch', 'the signature is not of this policy', {
      dialect: 'gcs',
    })
  }
  const policy = readV4Policy(claim.signed)
  const { contentLengthRange, expiresAt } = policy
  const now = resolveNow(target.now)
  if (now.getTime() > expiresAt.getTime()) {
    throw new SigningError('signature-expired', 'the policy has expired', {
      expiredAt: expiresAt,
      now,
    })
  }
  const fields = fillFileName(claim.fields, target.fileName ?? '')
  checkForm(policy, withBucket(fields, target.bucket), 'x-goog-signature')
  if (contentLengthRange !== null && target.size !== undefined) {
    checkContentLength(target.size, contentLengthRange)
  }
  return {
    keyId: claim.credential.keyId,
    algorithm: claim.algorithm,
    key: fields.get('key') ?? '',
    fields,
    sizeRange:
      contentLengthRange === null
        ? null
        : [contentLengthRange.minBytes, contentLengthRange.maxBytes],
    expiresAt,
  }
}

/** The bucket that counts is the one posted to: a field of that name may only agree. */
function withBucket(fields: FormFields, bucket: string): FormFields {
  const inForm = fields.get('bucket')
  if (inForm !== undefined && inForm !== bucket) {
    throw new SigningError('resource-mismatch', 'the form names another bucket', {
      reason: 'the field bucket differs from the bucket posted to',
    })
  }
  return new Map([...fields, ['bucket', bucket]])
}
