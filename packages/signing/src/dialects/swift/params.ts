/**
 * What OpenStack Swift's TempURL presigners and verifiers take, and what a checked URL says.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import type { BlockHash } from '../../lib/merkle-damgard.ts'
import type { ClockOptions } from '../../types.ts'
import { sha1 } from '../../lib/sha1.ts'
import { sha256 } from '../../lib/sha256.ts'
import { sha512 } from '../../lib/sha512.ts'

/** The hashes of the HMAC. SHA-1 is off in current clusters. */
export type SwiftDigest = 'sha1' | 'sha256' | 'sha512'

/** Who signs. */
export interface SwiftSignerOptions extends ClockOptions {
  /** One of the temp-URL keys of the account or the container. */
  readonly key: string
}

/** What may be done, and until when. */
export type SwiftGrantOptions = ExpiryOptions & {
  /** `GET` by default. HEAD comes with GET, PUT and POST. */
  readonly method?: string
  /** `sha256` by default. */
  readonly digest?: SwiftDigest
  /** Lower-case hex, or base64 with the name of the digest in front. `hex` by default. */
  readonly encoding?: 'hex' | 'base64'
  /** How the end stands in the URL; signed are always epoch seconds. `epoch` by default. */
  readonly timeFormat?: 'epoch' | 'iso'
  /** The only address or CIDR range the URL works from. */
  readonly ipRange?: string
  /** The name a download is saved under. Not signed: whoever has the URL can change it. */
  readonly filename?: string
  /** Show in the browser in place of saving. Not signed. */
  readonly isInline?: boolean
}

/** Who signs, what may be done, and until when. */
export type SwiftTokenOptions = SwiftSignerOptions & SwiftGrantOptions

/** How to check TempURLs. */
export interface SwiftVerifierOptions extends ClockOptions {
  /** Every key of that account and that container, up to four. */
  readonly lookup: (account: string, container: string) => readonly string[]
  /** Digests taken; SHA-256 and SHA-512 by default. */
  readonly digests?: readonly SwiftDigest[]
}

/** How to check one TempURL. */
export type VerifySwiftOptions = SwiftVerifierOptions

/** The asynchronous twin, whose look-up may wait. */
export interface SwiftAsyncVerifierOptions extends Omit<SwiftVerifierOptions, 'lookup'> {
  readonly lookup: (
    account: string,
    container: string,
  ) => readonly string[] | Promise<readonly string[]>
}

/** The same for one TempURL. */
export type VerifySwiftAsyncOptions = SwiftAsyncVerifierOptions

/** What a checked URL says. File name and inline are not signed and not here. */
export interface VerifiedSwift {
  readonly account: string
  readonly container: string
  /** The object's name, decoded. */
  readonly object: string
  /** The method that was signed; HEAD may come with another. */
  readonly method: string
  /** Objects of the container that begin with it are open; `null`: this one. */
  readonly prefix: string | null
  readonly ipRange: string | null
  readonly digest: SwiftDigest
  readonly expiresAt: Date
}

/** Bytes of an HMAC, by digest. */
export const DIGEST_BYTES: Readonly<Record<SwiftDigest, number>> = {
  sha1: 20,
  sha256: 32,
  sha512: 64,
}

const HASHES: Readonly<Record<SwiftDigest, BlockHash>> = { sha1, sha256, sha512 }

/** The HMAC key behind a temp-URL key; an empty one is `key-invalid`. */
function prepareSwiftKey(key: string, digest: SwiftDigest): HmacKey {
  if (typeof key !== 'string' || key === '') {
    throw new SigningError('key-invalid', 'key must not be empty', {
      parameter: 'key',
      reason: 'expected a temp-URL key',
    })
  }
  return prepareHmacKey(HASHES[digest], key)
}

/** The keys a signer or verifier keeps, by digest. */
export type SwiftKeys = Readonly<Record<SwiftDigest, KeyMemory<string, HmacKey>>>

export function createSwiftKeys(): SwiftKeys {
  return {
    sha1: createKeyMemory((key: string) => prepareSwiftKey(key, 'sha1')),
    sha256: createKeyMemory((key: string) => prepareSwiftKey(key, 'sha256')),
    sha512: createKeyMemory((key: string) => prepareSwiftKey(key, 'sha512')),
  }
}

/** One key, prepared for each digest it is asked for. */
export function createSwiftKeyOf(key: string): (digest: SwiftDigest) => HmacKey {
  const keys = createSwiftKeys()
  return (digest) => keys[digest](key)
}
