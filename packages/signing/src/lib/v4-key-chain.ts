/**
 * The chain of signing keys of the V4 schemes [SIGV4-SIGNED].
 *
 * @module
 */
import { hmacOnce } from './hmac-once.ts'
import { sha256 } from './sha256.ts'
import type { V4Scheme, V4Scope } from './v4.ts'

/**
 * The 32 bytes of the signing key of a scope: HMAC-SHA256 of the day under the prefixed secret, then of the region, the service and
 * the terminal, each under the result before.
 */
export function deriveV4KeyBytes(scheme: V4Scheme, secret: string, scope: V4Scope): Uint8Array {
  let bytes = hmacOnce(sha256, scheme.keyPrefix + secret, scope.day)
  for (const part of [scope.region, scope.service, scope.terminal]) {
    bytes = hmacOnce(sha256, bytes, part)
  }
  return bytes
}
