/**
 * Reads algorithm and credential of a signature, in a URL or in a form [GCS-V4-SIGNATURES].
 *
 * @module
 */
import type { NameRule } from '../../lib/name-rule.ts'
import { allowsName, describeNames } from '../../lib/name-rule.ts'
import type { V4Credential } from '../../lib/v4.ts'
import { parseV4Credential } from '../../lib/v4.ts'
import { SigningError } from '../../errors.ts'
import type { GcsAlgorithm } from './params.ts'
import { ALGORITHM_HMAC, ALGORITHM_RSA, GCS_SCHEME, SERVICE, malformed } from './params.ts'

/** The algorithm, by its exact name. @throws {SigningError} `algorithm-unsupported` */
export function readAlgorithm(text: string): GcsAlgorithm {
  if (text === ALGORITHM_RSA || text === ALGORITHM_HMAC) return text
  throw new SigningError('algorithm-unsupported', 'the algorithm is not one of the two known', {
    algorithm: text.slice(0, 64),
    supported: [ALGORITHM_RSA, ALGORITHM_HMAC],
  })
}

/** The credential, whose scope must be of this day and service. @throws {SigningError} `scope-mismatch` and others */
export function readCredential(
  text: string,
  timestamp: string,
  location: NameRule | undefined,
  parameter: string,
): V4Credential {
  const credential = parseCredential(text, parameter)
  const { scope } = credential
  if (!timestamp.startsWith(scope.day) || scope.day.length !== 8) {
    assertScope('date', scope.day, timestamp.slice(0, 8))
  }
  if (location !== undefined && scope.region !== 'auto' && !allowsName(location, scope.region)) {
    throw otherScope('region', scope.region, describeNames(location))
  }
  return credential
}

function parseCredential(text: string, parameter: string): V4Credential {
  const credential = parseV4Credential(text)
  if (credential === null || hasControl(text)) {
    throw malformed(parameter, 'expected key, day, location, service and goog4_request')
  }
  const { scope } = credential
  assertScope('service', scope.service, SERVICE)
  assertScope('terminal', scope.terminal, GCS_SCHEME.terminal)
  if (!/^[A-Za-z0-9-]{1,64}$/.test(scope.region)) throw malformed(parameter, 'expected a location')
  return credential
}

// A line feed in the scope would let one signed string mean two scopes.
function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(text)
}

function assertScope(
  part: 'date' | 'region' | 'service' | 'terminal',
  actual: string,
  expected: string,
): void {
  if (actual !== expected) throw otherScope(part, actual, expected)
}

function otherScope(
  part: 'date' | 'region' | 'service' | 'terminal',
  actual: string,
  expected: string,
): SigningError<'scope-mismatch'> {
  return new SigningError('scope-mismatch', `the credential scope has another ${part}`, {
    part,
    actual: actual.slice(0, 64),
    expected,
  })
}
