/**
 * What a verifier of S3 requests is made of: its rules, and the derived keys it keeps.
 *
 * @module
 */
import { requireLookup } from '../../lib/required-options.ts'
import { keepLast } from '../../lib/keep-last.ts'
import { checkNameRule } from '../../lib/name-rule.ts'
import { parseBasicTimestamp } from '../../lib/timestamp.ts'
import type { V4Credential } from '../../lib/v4.ts'
import { canonicalV4HeaderValue, parseV4Credential } from '../../lib/v4.ts'
import type { V4KeyMemory } from '../../lib/v4-keys.ts'
import { createV4KeyMemory } from '../../lib/v4-keys.ts'
import type { V4QueryReader } from '../../lib/v4-query.ts'
import { createV4QueryReader } from '../../lib/v4-query.ts'
import { QUERY_NAMES, S3_SCHEME, UNSIGNED_PAYLOAD } from './params.ts'
import type { SigV4aKeyMemory } from './sigv4a.ts'
import { createSigV4aKeyMemory } from './sigv4a.ts'
import type { S3VerificationKey, S3VerifierOptions } from './verify-types.ts'

export interface S3VerifierState<
  Key extends S3VerificationKey,
  Options extends Pick<S3VerifierOptions<Key>, 'lookup'> = S3VerifierOptions<Key>,
> {
  readonly options: Options
  readonly readQuery: V4QueryReader
  /** The parts of a decoded credential, of which the last is kept. */
  readonly parseCredential: (text: string) => V4Credential | null
  /** A time in milliseconds, `null` for none; the last is kept, because the URLs of a page are signed in one second. */
  readonly parseTime: (text: string) => number | null
  /** `Host` as it is signed; the last is kept, because a server has few names. */
  readonly foldHost: (host: string) => string
  /** What follows the query in a canonical request that signs its host alone and no body; the last is kept. */
  readonly hostTail: (host: string) => string
  readonly keys: V4KeyMemory
  readonly ecdsaKeys: SigV4aKeyMemory
}

export function createVerifierState<
  Key extends S3VerificationKey,
  Options extends Pick<S3VerifierOptions<Key>, 'lookup' | 'region'>,
>(
  options: Options,
  ecdsaKeys: SigV4aKeyMemory = createSigV4aKeyMemory(),
): S3VerifierState<Key, Options> {
  checkNameRule(options.region, 'region')
  requireLookup(options)
  return {
    options,
    readQuery: createV4QueryReader(QUERY_NAMES),
    parseCredential: keepLast(parseV4Credential),
    parseTime: keepLast((text: string) => parseBasicTimestamp(text)?.getTime() ?? null),
    foldHost: keepLast(canonicalV4HeaderValue),
    hostTail: keepLast((host: string) => `host:${host}\n\nhost\n${UNSIGNED_PAYLOAD}`),
    keys: createV4KeyMemory(S3_SCHEME),
    ecdsaKeys,
  }
}
