/**
 * Drafts a user delegation SAS: signed with a key that Microsoft Entra gave out for up to seven days, so no account key is
 * needed.
 *
 * @module
 */
import { toEpochSeconds } from '../../lib/expiry.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { toPairList } from '../../lib/pairs.ts'
import type { Pairs } from '../../types.ts'
import type { AzureDelegationKey, AzureDelegationRequest } from './delegation-options.ts'
import type { TokenDraft } from './draft.ts'
import { assertComplete } from './draft.ts'
import { reachOf } from './method-permissions.ts'
import type { AzureFields } from './params.ts'
import { createFields, hasControl } from './params.ts'
import { orderPermissions } from './permissions.ts'
import { formatHeaderBlock, formatQueryBlock, formatUserDelegationLines } from './string-to-sign.ts'
import { fillTarget } from './target.ts'
import { formatAzureTime, parseAzureTime } from './times.ts'
import type { AzureAccountOptions } from './token.ts'
import {
  checkText,
  fillCommon,
  fillResponseHeaders,
  formatTokenHead,
  readEndpoint,
  readVersion,
} from './token.ts'

export function draftDelegationToken(
  options: AzureAccountOptions &
    AzureDelegationRequest & { readonly delegationKey: AzureDelegationKey },
): TokenDraft {
  const endpoint = readEndpoint(options)
  const version = readVersion(options.version, 'user-delegation')
  const fields = createFields(version)
  const { snapshot, urlQuery } = fillTarget(fields, options)
  fields.sp = orderPermissions(options.permissions, 'resource', version)
  const expires = fillCommon(fields, options)
  assertComplete(fields)
  fillKey(fields, options.delegationKey)
  fillPrincipals(fields, options)
  fillResponseHeaders(fields, options)
  const headers = readPairs(options.requestHeaders, 'requestHeaders', version)
  const query = readPairs(options.requestQuery, 'requestQuery', version)
  if (headers.length > 0) fields.srh = headers.map(([name]) => name).join(',')
  if (query.length > 0) fields.srq = query.map(([name]) => name).join(',')
  const blocks = { headers: formatHeaderBlock(headers), query: formatQueryBlock(query) }
  const own = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}&`)
  return {
    endpoint,
    lines: formatUserDelegationLines(fields, { ...blocks, snapshot }),
    queryHead: urlQuery + own.join('') + formatTokenHead(fields),
    expires,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    reach: reachOf(fields),
  }
}

function fillKey(fields: AzureFields, key: AzureDelegationKey): void {
  fields.skoid = checkText(key.signedObjectId, 'delegationKey.signedObjectId')
  fields.sktid = checkText(key.signedTenantId, 'delegationKey.signedTenantId')
  fields.skt = keyTime(key.signedStartsOn, 'delegationKey.signedStartsOn')
  fields.ske = keyTime(key.signedExpiresOn, 'delegationKey.signedExpiresOn')
  fields.sks = checkText(key.signedService, 'delegationKey.signedService')
  fields.skv = checkText(key.signedVersion, 'delegationKey.signedVersion')
  if (key.signedDelegatedUserTenantId !== undefined) {
    assertVersion(fields, '2025-07-05', 'delegationKey.signedDelegatedUserTenantId')
    fields.skdutid = checkText(
      key.signedDelegatedUserTenantId,
      'delegationKey.signedDelegatedUserTenantId',
    )
  }
}

function keyTime(time: Date | string, parameter: string): string {
  if (typeof time !== 'string') return formatAzureTime(toEpochSeconds(time, parameter))
  // Read only to refuse what is none: the text is signed as it came.
  parseAzureTime(time, parameter)
  return time
}

function fillPrincipals(fields: AzureFields, options: AzureDelegationRequest): void {
  const { authorizedObjectId, unauthorizedObjectId, correlationId, delegatedUserObjectId } = options
  if (authorizedObjectId !== undefined && unauthorizedObjectId !== undefined) {
    throw new TypeError('authorizedObjectId and unauthorizedObjectId exclude each other')
  }
  if (authorizedObjectId !== undefined) {
    assertVersion(fields, '2020-02-10', 'authorizedObjectId')
    fields.saoid = checkText(authorizedObjectId, 'authorizedObjectId')
  }
  if (unauthorizedObjectId !== undefined) {
    assertVersion(fields, '2020-02-10', 'unauthorizedObjectId')
    fields.suoid = checkText(unauthorizedObjectId, 'unauthorizedObjectId')
  }
  if (correlationId !== undefined) {
    assertVersion(fields, '2020-02-10', 'correlationId')
    fields.scid = checkText(correlationId, 'correlationId')
  }
  if (delegatedUserObjectId !== undefined) {
    assertVersion(fields, '2025-07-05', 'delegatedUserObjectId')
    fields.sduoid = checkText(delegatedUserObjectId, 'delegatedUserObjectId')
  }
}

function assertVersion({ sv = '' }: AzureFields, first: string, parameter: string): void {
  if (sv < first) throw new RangeError(`${parameter} needs version ${first} or later`)
}

function readPairs(
  pairs: Pairs | undefined,
  parameter: string,
  version: string,
): readonly (readonly [string, string])[] {
  if (pairs === undefined) return []
  assertVersion({ sv: version }, '2026-04-06', parameter)
  const list = toPairList(pairs, parameter)
  const names = new Set(list.map(([name]) => name.toLowerCase()))
  if (names.size !== list.length) throw new TypeError(`${parameter} must name each one once`)
  for (const [name, value] of list) {
    if (!/^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/.test(name)) {
      throw new TypeError(`${parameter} must have names without commas and colons`)
    }
    if (typeof value !== 'string' || hasControl(value)) {
      throw new TypeError(`${parameter} must have values without control characters`)
    }
  }
  return list
}
