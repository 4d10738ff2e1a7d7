/**
 * Verifies with keys that have to be waited for. A request is read until its key is needed; the key is fetched; and then
 * everything happens at once, from the start.
 *
 * @module
 */
import { requireLookup } from '../../lib/required-options.ts'
import type { AwaitedAnswers } from '../../lib/awaited-answers.ts'
import { createAwaitedAnswers } from '../../lib/awaited-answers.ts'
import { checkOptions, requireObject } from '../../lib/known-options.ts'
import { toPairList } from '../../lib/pairs.ts'
import { nodeCrypto } from '../../lib/runtime-crypto.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { SigV4aKeyMemory } from './sigv4a.ts'
import { noSyncEcdsa } from './sigv4a.ts'
import { verifySigV4aAsync } from './sigv4a-web.ts'
import { createVerifierState } from './verifier-state.ts'
import { createVerifierOf, VERIFIER_OPTIONS } from './verify.ts'
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
  S3VerifierOptions,
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
  checkOptions(options, VERIFIER_OPTIONS)
  const keys = createAwaitedKeys(options.lookup)
  const rules = { ...options, lookup: keys.lookup }
  const verifier = createVerifierOf(
    createVerifierState<Key, S3VerifierOptions<Key>>(rules, keys.ecdsaKeys),
  )
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
  requireObject(options)
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

/** What one verification waits for. */
interface Answers<Key> {
  key: { readonly found: Key | null } | null
  isRight: boolean | null
}

interface AwaitedKeys<Key> {
  readonly lookup: (accessKeyId: string, sessionToken: string | null) => Key | null
  /** `undefined`: that of every verifier, where the runtime checks at once. */
  readonly ecdsaKeys: SigV4aKeyMemory | undefined
  readonly use: <Result>(verify: () => Result) => Promise<Result>
}

function createAwaitedKeys<Key>(
  fetchKey: (accessKeyId: string, sessionToken: string | null) => Key | null | Promise<Key | null>,
): AwaitedKeys<Key> {
  requireLookup({ lookup: fetchKey })
  const awaited = createAwaitedAnswers((): Answers<Key> => ({ key: null, isRight: null }))
  return {
    lookup(accessKeyId, sessionToken) {
      const answers = awaited.current()
      if (answers?.key) return answers.key.found
      throw awaited.want(async () => {
        const found = await fetchKey(accessKeyId, sessionToken)
        if (answers !== null) answers.key = { found }
      })
    },
    ecdsaKeys: nodeCrypto === null ? createAwaitedChecks(awaited) : undefined,
    use: awaited.run,
  }
}

/** Checks signatures of Version 4A over WebCrypto. Those inside a body come one by one, when nothing can be waited for any more. */
function createAwaitedChecks({
  current,
  want,
}: AwaitedAnswers<{ isRight: boolean | null }>): SigV4aKeyMemory {
  return {
    checkOf: (key) => (text, signature) => {
      const answers = current()
      if (answers === null) throw noSyncEcdsa()
      if (answers.isRight !== null) return answers.isRight
      throw want(async () => {
        answers.isRight = await verifySigV4aAsync(key, text, signature)
      })
    },
    forget: () => undefined,
  }
}
