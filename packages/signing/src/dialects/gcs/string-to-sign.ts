/**
 * The canonical request of a signed URL, and the string to sign over it [GCS-V4-CANONICAL].
 *
 * @module
 */

import type { V4CanonicalParts, V4Scope } from '../../lib/v4.ts'
import { formatV4CanonicalRequest, formatV4StringToSign } from '../../lib/v4.ts'
import type { GcsAlgorithm } from './params.ts'

/** When, where and how a signature is made. */
export interface GcsSigningFacts {
  readonly algorithm: GcsAlgorithm
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string
  readonly scope: V4Scope
}

/** The string to sign of a canonical request in parts. */
export function formatGcsStringToSign(facts: GcsSigningFacts, parts: V4CanonicalParts): string {
  const { algorithm, timestamp, scope } = facts
  return formatV4StringToSign(algorithm, timestamp, scope, formatV4CanonicalRequest(parts))
}
