/**
 * Verifies with keys that have to be waited for: the key a request names is fetched first, and then everything happens at once.
 *
 * @module
 */
import { resolveCallTime } from '../../lib/timestamp.ts'
import { toPairList } from '../../lib/v4.ts'
import { parseV4Credential } from '../../lib/v4.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import { decodeS3Credential } from './decode-credential.ts'
import { createS3Verifier } from './verify.ts'
import type {
  S3PostRequest,
  S3PostTarget,
  S3PostVerifierOptions,
  VerifiedS3Post,
} from './verify-post-policy.ts'
import { createS3PostVerifier } from './verify-post-policy.ts'
import type {
  S3AsyncVerifierOptions,
  S3VerificationKey,
  VerifiedS3Request,
  VerifyS3AsyncOptions,
} from './verify-types.ts'

/** Verifies request after request, by look-ups that wait. */
export interface S3AsyncVerifier<Key extends S3VerificationKey = S3VerificationKey> {
  /** See `verifyS3`. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedS3Request<Key>>
}

/**
 * The asynchronous twin of `createS3Verifier`. The look-up is asked once a request, before anything is checked.
 *
 * ```ts
 * const verifier = createS3AsyncVerifier({ region: 'eu-west-1', lookup: (id) => database.findKey(id) })
 * ```
 */
export function createS3AsyncVerifier<Key extends S3VerificationKey>(
  options: S3AsyncVerifierOptions<Key>,
): S3AsyncVerifier<Key> {
  const found = createFoundKey<Key>()
  const verifier = createS3Verifier<Key>({ ...options, lookup: found.lookup })
  return {
    async verify(request, facts) {
      const now = resolveCallTime(facts, options.now)
      const accessKeyId = decodeS3Credential(request)?.accessKeyId ?? null
      const key = accessKeyId === null ? null : await options.lookup(accessKeyId)
      return found.use(accessKeyId, key, () => verifier.verify(request, { now }))
    },
  }
}

/** The same answer as `verifyS3`, for a look-up that waits. */
export async function verifyS3Async<Key extends S3VerificationKey>(
  request: RawRequest,
  options: VerifyS3AsyncOptions<Key>,
): Promise<VerifiedS3Request<Key>> {
  return createS3AsyncVerifier(options).verify(request)
}

/** The rules of a verifier of forms whose look-up may wait. */
export interface S3AsyncPostVerifierOptions<
  Key extends S3VerificationKey = S3VerificationKey,
> extends Omit<S3PostVerifierOptions<Key>, 'lookup'> {
  readonly lookup: S3AsyncVerifierOptions<Key>['lookup']
}

/** Verifies form after form, by look-ups that wait. */
export interface S3AsyncPostVerifier<Key extends S3VerificationKey = S3VerificationKey> {
  /** See `verifyS3PostPolicy`. */
  readonly verify: (request: S3PostRequest, target: S3PostTarget) => Promise<VerifiedS3Post<Key>>
}

/** The asynchronous twin of `createS3PostVerifier`. */
export function createS3AsyncPostVerifier<Key extends S3VerificationKey>(
  options: S3AsyncPostVerifierOptions<Key>,
): S3AsyncPostVerifier<Key> {
  const found = createFoundKey<Key>()
  const verifier = createS3PostVerifier<Key>({ ...options, lookup: found.lookup })
  return {
    async verify(request, target) {
      const now = resolveCallTime(target, options.now)
      const accessKeyId = decodeFormKeyId(request)
      const key = accessKeyId === null ? null : await options.lookup(accessKeyId)
      return found.use(accessKeyId, key, () => verifier.verify(request, { ...target, now }))
    },
  }
}

/** The same answer as `verifyS3PostPolicy`, for a look-up that waits. */
export async function verifyS3PostPolicyAsync<Key extends S3VerificationKey>(
  request: S3PostRequest,
  options: S3AsyncPostVerifierOptions<Key> & S3PostTarget,
): Promise<VerifiedS3Post<Key>> {
  return createS3AsyncPostVerifier<Key>(options).verify(request, options)
}

function decodeFormKeyId({ fields }: S3PostRequest): string | null {
  const credential = toPairList(fields).find(([name]) => name.toLowerCase() === 'x-amz-credential')
  return parseV4Credential(credential?.[1] ?? '')?.keyId ?? null
}

/** The key that one verification is about; the verifier is asked for no other. */
interface FoundKey<Key> {
  readonly lookup: (accessKeyId: string) => Key | null
  readonly use: <Result>(
    accessKeyId: string | null,
    key: Key | null,
    verify: () => Result,
  ) => Result
}

function createFoundKey<Key>(): FoundKey<Key> {
  let current: { readonly id: string | null; readonly key: Key | null } = { id: null, key: null }
  return {
    lookup: (accessKeyId) => (accessKeyId === current.id ? current.key : null),
    // Nothing waits between the two, so no other verification can come in between.
    use(id, key, verify) {
      current = { id, key }
      try {
        return verify()
      } finally {
        current = { id: null, key: null }
      }
    },
  }
}
