/**
 * The credential of a request: whose key, and whether its scope is this verifier's.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { NameRule } from '../../lib/name-rule.ts'
import { allowsName, describeNames } from '../../lib/name-rule.ts'
import type { V4Credential, V4Scope } from '../../lib/v4.ts'
import { parseV4Credential } from '../../lib/v4.ts'
import { ALGORITHM_ECDSA, S3_SCHEME } from './params.ts'

/** The parts of a decoded credential. Version 4A has no region in its scope: the part is empty. */
export function readCredential(
  text: string,
  algorithm: string,
  parameter: string,
  parse: (text: string) => V4Credential | null = parseV4Credential,
): V4Credential {
  const parsed = algorithm === ALGORITHM_ECDSA ? parseRegionlessCredential(text) : parse(text)
  if (parsed === null) {
    throw new SigningError('parameter-malformed', 'the credential is malformed', {
      parameter,
      reason:
        'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    })
  }
  return parsed
}

function parseRegionlessCredential(text: string): V4Credential | null {
  const [keyId, day, service, terminal, ...others] = text.split('/')
  if (others.length > 0 || terminal === undefined || !keyId || !day) return null
  if (service === undefined) return null
  const scope = { day, region: '', service, terminal, text: text.slice(keyId.length + 1) }
  return { keyId, scope }
}

const DAY = /^\d{8}$/

/** What a scope has to be. */
export interface ExpectedScope {
  /** `null` where the region stands elsewhere. */
  readonly region: NameRule | null
  readonly service: string
  /** `yyyyMMdd` of the signing time. */
  readonly day: string
}

/**
 * Refuses a scope of another day, region, service or terminal. A signature for another
 * service is as good a signature, so a scope that is not compared lets one service's URLs into another.
 */
export function checkScope(scope: V4Scope, expected: ExpectedScope): void {
  if (scope.day !== expected.day && !DAY.test(scope.day)) {
    refuseScope('date', scope.day, 'yyyyMMdd')
  }
  if (expected.region !== null && !allowsName(expected.region, scope.region)) {
    refuseScope('region', scope.region, describeNames(expected.region))
  }
  if (scope.service !== expected.service) refuseScope('service', scope.service, expected.service)
  if (scope.terminal !== S3_SCHEME.terminal) {
    refuseScope('terminal', scope.terminal, S3_SCHEME.terminal)
  }
  if (scope.day !== expected.day) refuseScope('date', scope.day, expected.day)
}

/** Refuses one part of a scope. A date that is none has `yyyyMMdd` as what was expected. */
export function refuseScope(
  part: 'date' | 'region' | 'service' | 'terminal',
  actual: string,
  expected: string,
): never {
  throw new SigningError('scope-mismatch', `the credential scope names another ${part}`, {
    part,
    actual: actual.slice(0, 128),
    expected,
  })
}
