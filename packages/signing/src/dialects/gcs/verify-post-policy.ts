/**
 * Verifies the form of an upload: signature over the policy text first, then the policy's end and conditions.
 *
 * @module
 */

import { fromBase64, toBase64 } from '../../lib/bytes.ts'
import { parseBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import { SigningError } from '../../errors.ts'
import type { GcsSignatureClaim } from './check-signature.ts'
import { isRightSignature, isRightSignatureAsync } from './check-signature.ts'
import { readAlgorithm, readCredential } from './credential.ts'
import type { GcsVerificationKey } from './keys.ts'
import type { GcsAlgorithm } from './params.ts'
import { malformed } from './params.ts'
import { assertConditions, assertSize, parsePolicyDocument } from './policy-conditions.ts'

/** What a verifier knows of a form beside its fields. */
export interface VerifyGcsPostRules {
  /** The bucket the form was posted to: by path or host, never by a field. */
  readonly bucket: string
  /** Size of the file, if known by now. Else compare `sizeRange` while the bytes come. */
  readonly size?: number
  /** The name the browser gave the file, for `${filename}` in fields. */
  readonly fileName?: string
  readonly now?: Date
  readonly location?: string
}

/** What {@link verifyGcsPostPolicy} needs. */
export interface VerifyGcsPostOptions extends VerifyGcsPostRules {
  readonly lookup: (keyId: string) => GcsVerificationKey | null
}

/** The asynchronous twin, whose look-up may wait. */
export interface VerifyGcsPostAsyncOptions extends VerifyGcsPostRules {
  readonly lookup: (keyId: string) => GcsVerificationKey | null | Promise<GcsVerificationKey | null>
}

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
  const claim = readClaim(fields, options)
  const isRight = isRightSignature(claim, options.lookup(claim.credential.keyId))
  return conclude(claim, isRight, options)
}

/** The same over WebCrypto. */
export async function verifyGcsPostPolicyAsync(
  fields: Fields,
  options: VerifyGcsPostAsyncOptions,
): Promise<VerifiedGcsPost> {
  const claim = readClaim(fields, options)
  const key = await options.lookup(claim.credential.keyId)
  return conclude(claim, await isRightSignatureAsync(claim, key), options)
}

interface Claim extends GcsSignatureClaim {
  readonly fields: ReadonlyMap<string, string>
  readonly signed: string
}

// Google takes 20 KiB in front of the file; nobody parses more than that for a stranger.
const MAX_POLICY_LENGTH = 20_480

function readClaim(list: Fields, rules: VerifyGcsPostRules): Claim {
  const fields = new Map<string, string>()
  for (const [name, value] of list) {
    const lower = name.toLowerCase()
    if (fields.has(lower)) {
      throw new SigningError('parameter-duplicate', `${lower} came more than once`, {
        parameter: lower,
      })
    }
    fields.set(lower, value)
  }
  const policy = requireField(fields, 'policy')
  if (policy.length > MAX_POLICY_LENGTH) throw malformed('policy', 'expected 20 KiB at most')
  const algorithm = readAlgorithm(requireField(fields, 'x-goog-algorithm'))
  const timestamp = requireField(fields, 'x-goog-date')
  if (parseBasicTimestamp(timestamp) === null) {
    throw malformed('x-goog-date', "expected yyyyMMdd'T'HHmmss'Z'")
  }
  const text = requireField(fields, 'x-goog-credential')
  const credential = readCredential(text, timestamp, rules.location, 'x-goog-credential')
  const signature = requireField(fields, 'x-goog-signature')
  requireField(fields, 'key')
  const parameter = 'x-goog-signature'
  return { fields, algorithm, credential, signed: policy, signature, parameter }
}

function conclude(claim: Claim, isRight: boolean, rules: VerifyGcsPostRules): VerifiedGcsPost {
  if (!isRight) {
    throw new SigningError('signature-mismatch', 'the signature is not of this policy', {
      dialect: 'gcs',
    })
  }
  const document = parsePolicyDocument(decodePolicy(claim.signed))
  const now = resolveNow(rules.now)
  if (now.getTime() > document.expiresAt.getTime()) {
    throw new SigningError('signature-expired', 'the policy has expired', {
      expiredAt: document.expiresAt,
      now,
    })
  }
  const fields = fillFileName(claim.fields, rules.fileName ?? '')
  assertConditions(document, withBucket(fields, rules.bucket))
  if (!document.conditions.some(({ field }) => field === 'bucket')) {
    throw new SigningError('policy-condition-failed', 'the policy names no bucket', {
      condition: '["eq", "$bucket"]',
    })
  }
  if (rules.size !== undefined) assertSize(document, rules.size)
  return {
    keyId: claim.credential.keyId,
    algorithm: claim.algorithm,
    key: fields.get('key') ?? '',
    fields,
    sizeRange: document.sizeRange,
    expiresAt: document.expiresAt,
  }
}

/** The bucket that counts is the one posted to: a field of that name may only agree. */
function withBucket(
  fields: ReadonlyMap<string, string>,
  bucket: string,
): ReadonlyMap<string, string> {
  const inForm = fields.get('bucket')
  if (inForm !== undefined && inForm !== bucket) {
    throw new SigningError('resource-mismatch', 'the form names another bucket', {
      reason: 'the field bucket differs from the bucket posted to',
    })
  }
  return new Map([...fields, ['bucket', bucket]])
}

/** `${filename}` becomes the last part of the file's name [GCS-POST] form fields. */
function fillFileName(
  fields: ReadonlyMap<string, string>,
  fileName: string,
): ReadonlyMap<string, string> {
  const last = fileName.split(/[/\\]/).pop() ?? ''
  const isPlain = (name: string): boolean => name === 'policy' || name === 'x-goog-signature'
  return new Map(
    [...fields].map(([name, value]) => [
      name,
      isPlain(name) ? value : value.split('${filename}').join(last),
    ]),
  )
}

function decodePolicy(base64: string): string {
  const bytes = fromBase64(base64)
  if (bytes === null || toBase64(bytes) !== base64) throw notAPolicy()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notAPolicy()
  }
}

function notAPolicy(): SigningError<'policy-malformed'> {
  const reason = 'expected base64 of JSON in UTF-8'
  return new SigningError('policy-malformed', `the policy cannot be used: ${reason}`, { reason })
}

function requireField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name)
  if (value === undefined || value === '') {
    throw new SigningError('parameter-missing', `${name} is missing`, { parameter: name })
  }
  return value
}
