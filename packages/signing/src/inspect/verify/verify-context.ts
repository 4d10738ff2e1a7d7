/**
 * What the verifiers of all dialects are given, and what they have in common.
 *
 * @module
 */
import { isSigningError } from '../../errors.ts'
import type { RawRequest } from '../../types.ts'
import type { DialectName } from '../dialects.ts'
import type { Detection, ExplainKey } from '../facts/dialect-facts.ts'
import { keysFor } from '../hypotheses/secret-variants.ts'

/** A request, what was recognised in it, and what is known of the keys and of the operator's settings. */
export interface VerifyContext {
  readonly request: RawRequest
  readonly detection: Detection<DialectName>
  readonly keys: readonly ExplainKey[]
  readonly now: Date
  /** S3: the region that must have been signed; the URL's own unless given. */
  readonly region?: string | undefined
  /** Akamai: hashes and names the operator chose. */
  readonly tokenName?: string | undefined
  readonly algorithm?: 'sha256' | 'sha1' | 'md5' | undefined
  /** Bunny: take tokens of the older formats too. */
  readonly isLegacyAllowed?: boolean | undefined
  /** Cloudflare: what the rule says, and the link does not. */
  readonly ttlSeconds?: number | undefined
  readonly separator?: string | undefined
  readonly isUrlSafe?: boolean | undefined
}

export type Verifier = (context: VerifyContext) => void

/** The secrets of the keys that may have signed for this id. */
export function secretsFor(context: VerifyContext, id: string | null): string[] {
  const { keys, detection } = context
  return keysFor(keys, detection.dialect, id).flatMap(({ secret }) => secret ?? [])
}

/** The same for public keys. */
export function publicKeysFor(context: VerifyContext, id: string | null): string[] {
  const { keys, detection } = context
  return keysFor(keys, detection.dialect, id).flatMap(({ publicKey }) => publicKey ?? [])
}

/** Longer than any link is used: without the rule's own number only the MAC can be judged. */
export const ANY_TTL: number = 100 * 365 * 86_400

/** The first value of a header, or `null`; `name` in lower case. */
export function headerValue(request: RawRequest, name: string): string | null {
  const index = request.headers.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name)
  return index === -1 ? null : (request.headers[index + 1] ?? null)
}

/**
 * What the operator configured and the request does not say: each setting is tried. Where none is right, the refusal
 * is the one that came furthest: from beyond the key and the signature, if there is one.
 *
 * @throws what the last telling attempt threw
 */
export function tryEach<Setting>(
  settings: readonly Setting[],
  verify: (setting: Setting) => unknown,
): void {
  const refusals: unknown[] = []
  for (const setting of settings) {
    try {
      verify(setting)
      return
    } catch (error) {
      refusals.push(error)
    }
  }
  throw refusals.find(isBeyondSignature) ?? refusals[0]
}

function isBeyondSignature(error: unknown): boolean {
  return isSigningError(error) && !EARLY.has(error.code)
}

const EARLY: ReadonlySet<string> = new Set([
  'key-unknown',
  'resource-mismatch',
  'signature-mismatch',
  'signature-malformed',
])
