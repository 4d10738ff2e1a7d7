/**
 * What a token with a good signature allows, and whether this request is within it.
 *
 * @module
 */

import { assertNotExpired, assertStarted } from '../../lib/expiry.ts'
import { parseIpAddress } from '../../lib/ip-address.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import { malformed, missing } from './params.ts'
import type { AzureFields } from './params.ts'
import { ACCOUNT_BLOB_LETTERS } from './permissions.ts'
import type { AzureOperation } from './permissions.ts'
import type { AzureClaims, AzureTerms } from './read-token.ts'
import { parseAzureTime } from './times.ts'

/** A stored access policy of a container. What it leaves open the token must say. */
export interface AzureStoredPolicy {
  readonly permissions?: string
  readonly startsAt?: Date
  readonly expiresAt?: Date
}

/** What a token and its stored access policy allow together. */
export interface AzureGrant {
  /** Permission letters, as written. */
  readonly permissions: string
  readonly expiresAt: Date
  readonly startsAt: Date | null
  /** One address or two with a dash between them. */
  readonly ip: string | null
  readonly protocol: 'https' | 'https,http'
  readonly storedPolicy: string | null
}

/** The request's side of the question. */
export interface AzureRequestSide {
  readonly operation: AzureOperation
  readonly bearer: { readonly objectId: string; readonly tenantId: string } | null
  readonly now: Date
}

const MAX_DELEGATION_SECONDS = 7 * 86_400

/** Token and policy put together. @throws {SigningError} where a value is missing, in both, or not one */
export function effectiveTerms(
  { kind, fields }: AzureClaims,
  policy: AzureStoredPolicy | null,
): AzureTerms {
  if (fields.si !== undefined && policy === null) {
    throw new SigningError('policy-unknown', 'no stored access policy is known by this id', {
      policyId: fields.si,
    })
  }
  if (kind === 'account') assertLetters(fields)
  return {
    permissions: permissionsOf(fields, policy),
    ...windowOf(fields, policy),
    protocol: protocolOf(fields),
  }
}

function permissionsOf({ sp }: AzureFields, policy: AzureStoredPolicy | null): string {
  assertOnce('sp', sp, policy?.permissions)
  const permissions = sp ?? policy?.permissions ?? ''
  if (permissions === '') throw missing('sp')
  if (!/^[a-z]{1,20}$/.test(permissions)) throw malformed('sp', 'expected letters')
  return permissions
}

function windowOf(
  { st, se }: AzureFields,
  policy: AzureStoredPolicy | null,
): Pick<AzureTerms, 'expiresMs' | 'startsMs'> {
  assertOnce('se', se, policy?.expiresAt)
  assertOnce('st', st, policy?.startsAt)
  const expiresMs = timeOf(se, 'se') ?? policy?.expiresAt?.getTime()
  if (expiresMs === undefined) throw missing('se')
  const startsMs = timeOf(st, 'st') ?? policy?.startsAt?.getTime() ?? null
  if (startsMs !== null && startsMs >= expiresMs) {
    throw malformed('st', 'expected a start before the end')
  }
  return { expiresMs, startsMs }
}

function protocolOf({ spr = 'https,http' }: AzureFields): 'https' | 'https,http' {
  if (spr !== 'https' && spr !== 'https,http') {
    throw malformed('spr', 'expected https or https,http')
  }
  return spr
}

/** Passes, or throws the first of what forbids this request. */
export function assertTerms(
  request: RawRequest,
  claims: AzureClaims,
  terms: AzureTerms,
  facts: AzureRequestSide,
): void {
  const { now, operation } = facts
  if (terms.startsMs !== null) assertStarted(terms.startsMs / 1000, now)
  assertNotExpired(terms.expiresMs / 1000, now)
  if (claims.kind === 'user-delegation') assertDelegation(claims.fields, facts)
  if (terms.protocol === 'https' && (request.scheme ?? 'https') !== 'https') {
    throw new SigningError('protocol-not-allowed', 'the token is for https only', {
      allowed: terms.protocol,
    })
  }
  if (claims.fields.sip !== undefined) assertAddress(claims.fields.sip, request.clientIp)
  if (claims.kind === 'account') assertAccountScope(claims.fields, operation)
  else if (operation.level !== 'o') assertContainerScope(claims.fields, operation)
  if (!hasOneOf(lettersForBlobs(claims, terms), operation.permissions)) {
    throw permissionMissing(operation.permissions, terms.permissions)
  }
}

function lettersForBlobs({ kind }: AzureClaims, { permissions }: AzureTerms): string {
  if (kind !== 'account') return permissions
  return Array.from(permissions, (letter) =>
    ACCOUNT_BLOB_LETTERS.includes(letter) ? letter : '',
  ).join('')
}

function hasOneOf(granted: string, wanted: string): boolean {
  for (const letter of wanted) if (granted.includes(letter)) return true
  return false
}

// The service refuses a value that token and policy both give: two answers to one question.
function assertOnce(parameter: string, inToken: unknown, inPolicy: unknown): void {
  if (inToken !== undefined && inPolicy !== undefined) {
    throw new SigningError(
      'parameter-duplicate',
      `${parameter} is in the token and in its policy`,
      {
        parameter,
      },
    )
  }
}

function timeOf(text: string | undefined, parameter: string): number | undefined {
  return text === undefined ? undefined : parseAzureTime(text, parameter) * 1000
}

function assertLetters({ ss, srt }: AzureFields): void {
  if (ss === undefined || ss === '') throw missing('ss')
  if (srt === undefined || srt === '') throw missing('srt')
  if (!/^[bqtf]{1,4}$/.test(ss)) throw malformed('ss', 'expected letters out of bqtf')
  if (!/^[sco]{1,3}$/.test(srt)) throw malformed('srt', 'expected letters out of sco')
}

function assertDelegation(fields: AzureFields, { now, bearer }: AzureRequestSide): void {
  const starts = parseAzureTime(fields.skt ?? '', 'skt')
  const ends = parseAzureTime(fields.ske ?? '', 'ske')
  assertStarted(starts, now)
  assertNotExpired(ends, now)
  if (ends - starts > MAX_DELEGATION_SECONDS) {
    throw new SigningError('expiry-too-long', 'a delegation key lives seven days at most', {
      seconds: ends - starts,
      maxSeconds: MAX_DELEGATION_SECONDS,
    })
  }
  if (fields.sks !== 'b') throw malformed('sks', 'expected a key of the Blob service')
  // A token bound to one principal is worth nothing without that principal's own bearer token.
  const isBound = fields.sduoid !== undefined || fields.skdutid !== undefined
  const isBearer =
    bearer?.objectId === fields.sduoid &&
    (fields.skdutid === undefined || bearer?.tenantId === fields.skdutid)
  if (isBound && !isBearer) {
    throw new SigningError('token-invalid', 'the token is bound to another principal', {
      parameter: 'sduoid',
    })
  }
}

function assertAddress(allowed: string, clientIp: string | undefined): void {
  const [first, last] = allowed.split('-').map(parseIpAddress)
  const client = clientIp === undefined ? null : parseIpAddress(clientIp)
  const isRange = allowed.split('-').length <= 2
  if (isRange && first !== undefined && first !== null && last !== null && client !== null) {
    if (compareBytes(first, client) <= 0 && compareBytes(client, last ?? first) <= 0) return
  }
  throw new SigningError('ip-not-allowed', 'the token is for other client addresses', { allowed })
}

// Addresses of different families are never in order, so they are outside every range.
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.NaN
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function assertAccountScope({ ss = '', srt = '' }: AzureFields, operation: AzureOperation): void {
  if (!ss.includes('b')) {
    throw new SigningError('resource-mismatch', 'the token is for other services', {
      reason: 'ss names other services than Blob',
    })
  }
  if (!srt.includes(operation.level)) {
    throw new SigningError('resource-mismatch', 'the token is for other types of resource', {
      reason: 'srt names other types of resource',
    })
  }
}

// A container or directory token lists and reads blobs; it never makes, changes or removes the container itself.
function assertContainerScope({ sr = '' }: AzureFields, operation: AzureOperation): void {
  const isContainer = operation.level === 'c' && (sr === 'c' || sr === 'd')
  if (isContainer && (operation.permissions === 'l' || operation.permissions === 'f')) return
  throw new SigningError('resource-mismatch', 'the token is for blobs', {
    reason: 'the operation is on the container or the account itself',
  })
}

function permissionMissing(needed: string, granted: string): SigningError<'permission-missing'> {
  return new SigningError('permission-missing', 'the token does not allow this operation', {
    needed,
    granted,
  })
}
