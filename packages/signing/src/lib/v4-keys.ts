/**
 * Signing keys of the V4 schemes made ready for use, and the memory in which a signer or verifier keeps its own.
 *
 * @module
 */
import { createBoundedCache } from './bounded-cache.ts'
import type { HmacKey } from './hmac.ts'
import { prepareHmacKey } from './hmac.ts'
import { sha256 } from './sha256.ts'
import { deriveV4KeyBytes } from './v4-key-chain.ts'
import type { V4Scheme, V4Scope } from './v4.ts'

/** A derived key, and what it is mostly used for. */
export interface V4Signer {
  readonly key: HmacKey
  /** The signature of a request: of its string to sign, by its timestamp and the hash of its canonical request. */
  readonly sign: (timestamp: string, canonicalRequestHash: string) => string
}

/**
 * The signer of a secret and a scope, which is ASCII: compare a scope that arrived with the expected one first.
 */
export function deriveV4Signer(scheme: V4Scheme, secret: string, scope: V4Scope): V4Signer {
  const key = prepareHmacKey(sha256, deriveV4KeyBytes(scheme, secret, scope))
  const sign = key.template({
    before: `${scheme.keyPrefix}-HMAC-SHA256\n`,
    firstLength: TIMESTAMP_LENGTH,
    between: `\n${scope.text}\n`,
    secondLength: HASH_LENGTH,
  })
  return { key, sign }
}

const TIMESTAMP_LENGTH = 16
const HASH_LENGTH = 64

/** The derived keys of one signer or verifier, by the id of the key they come from. */
export interface V4KeyMemory {
  /** The signer of a secret and a scope. Another secret under the same id ends whatever came from the one before. */
  readonly signer: (keyId: string, secret: string, scope: V4Scope) => V4Signer
  /** Ends whatever came from the key of this id. */
  readonly forget: (keyId: string) => void
}

interface DerivedKeys {
  readonly secret: string
  readonly byScope: Map<string, V4Signer>
}

const MAX_KEYS = 1024
// A URL lives a week at most, so one key is asked for on eight days at a time.
const MAX_SCOPES = 16

export function createV4KeyMemory(scheme: V4Scheme): V4KeyMemory {
  const keys = createBoundedCache<string, DerivedKeys>(MAX_KEYS)

  function signer(keyId: string, secret: string, scope: V4Scope): V4Signer {
    let derived = keys.get(keyId)
    if (derived === undefined || derived.secret !== secret) {
      derived = { secret, byScope: new Map() }
      keys.delete(keyId)
      keys.set(keyId, derived)
    }
    let found = derived.byScope.get(scope.text)
    if (found === undefined) {
      found = deriveV4Signer(scheme, secret, scope)
      if (derived.byScope.size >= MAX_SCOPES) derived.byScope.clear()
      derived.byScope.set(scope.text, found)
    }
    return found
  }
  return { signer, forget: (keyId) => keys.delete(keyId) }
}
