/**
 * Verifies with keys that have to be waited for. A request is read until its key is needed; the key is fetched; and then
 * everything happens at once, from the start.
 *
 * @module
 */
import { toPairList } from '../../lib/pairs.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
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
 * The asynchronous twin of `createS3Verifier`. The look-up is asked once a request, and not for
 * one that is refused whatever its key may be: malformed, expired, or for another region.
 *
 * ```ts
 * const verifier = createS3AsyncVerifier({ region: 'eu-west-1', lookup: (id) => database.findKey(id) })
 * ```
 */
export function createS3AsyncVerifier<Key extends S3VerificationKey>(
  options: S3AsyncVerifierOptions<Key>,
): S3AsyncVerifier<Key> {
  const keys = createAwaitedKeys(options.lookup)
  const verifier = createS3Verifier<Key>({ ...options, lookup: keys.lookup })
  return {
    async verify(request, facts) {
      const now = resolveCallTime(facts, options.now)
      const arrived = snapshot(request)
      return keys.use(() => verifier.verify(arrived, { now }))
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
  const keys = createAwaitedKeys(options.lookup)
  const verifier = createS3PostVerifier<Key>({ ...options, lookup: keys.lookup })
  return {
    async verify(request, target) {
      const now = resolveCallTime(target, options.now)
      const { fields, file } = request
      const arrived = { fields: toPairList(fields, 'fields'), file: { ...file } }
      const wanted = { ...target, now }
      return keys.use(() => verifier.verify(arrived, wanted))
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

/** The request as it is now: what changes in it while a key is waited for is not looked at. */
function snapshot({ method, target, headers }: RawRequest): RawRequest {
  return { method, target, headers: [...headers] }
}

/** Stops a verification at the point where it needs a key. Never leaves this file. */
class KeyWanted extends Error {
  readonly accessKeyId: string
  readonly sessionToken: string | null
  constructor(accessKeyId: string, sessionToken: string | null) {
    super('a key is wanted')
    this.accessKeyId = accessKeyId
    this.sessionToken = sessionToken
  }
}

interface AwaitedKeys<Key> {
  readonly lookup: (accessKeyId: string, sessionToken: string | null) => Key | null
  /** Runs what verifies by `lookup`, twice if it asks for a key. */
  readonly use: <Result>(verify: () => Result) => Promise<Result>
}

function createAwaitedKeys<Key>(
  fetchKey: (accessKeyId: string, sessionToken: string | null) => Key | null | Promise<Key | null>,
): AwaitedKeys<Key> {
  if (typeof fetchKey !== 'function') {
    throw new TypeError('lookup must be a function that gives the key of an id, or null')
  }
  let found: { readonly key: Key | null } | null = null
  return {
    lookup(accessKeyId, sessionToken) {
      if (found === null) throw new KeyWanted(accessKeyId, sessionToken)
      return found.key
    },
    async use(verify) {
      try {
        return verify()
      } catch (error) {
        if (!(error instanceof KeyWanted)) throw error
        const key = await fetchKey(error.accessKeyId, error.sessionToken)
        // Nothing waits between here and the end, so no other verification sees this key.
        found = { key }
        try {
          return verify()
        } finally {
          found = null
        }
      }
    },
  }
}
