/**
 * Makes URLs with an account SAS: an account key, for whole services.
 *
 * @module
 */

import { methodWithin, reachOfAccount } from './method-permissions.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { checkOptions, NUMBER, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { PresignedRequest } from '../../types.ts'
import { createFields } from './params.ts'
import { orderLetters, orderPermissions } from './permissions.ts'
import type { AzurePermissions } from './permissions.ts'
import { assertComplete, NO_HEADERS } from './draft.ts'
import { formatAccountString } from './string-to-sign.ts'
import { checkContainer, encodeName } from './target.ts'
import type { AzureTokenOptions } from './token.ts'
import { fillCommon, formatTokenHead, prepareAzureKey, readEndpoint, readVersion } from './token.ts'

/** What {@link presignAzureAccount} needs. */
export type PresignAzureAccountOptions = AzureTokenOptions &
  ExpiryOptions & {
    /** Either key of the account, in base64. */
    readonly accountKey: string
    /** Letters out of `rwdxftlacupiy`. */
    readonly permissions: AzurePermissions
    /** `ss`, letters out of `btqf`: blobs, tables, queues, files. `b` by default. */
    readonly services?: string
    /** `srt`, letters out of `sco`: the service, containers, objects. */
    readonly resourceTypes: string
    /** The URL's container; the token opens every other one just as well. */
    readonly container?: string
    /** The URL's blob. */
    readonly blob?: string
  }

const KNOWN: OptionTable<PresignAzureAccountOptions> = {
  account: TEXT,
  accountKey: TEXT,
  permissions: true,
  services: TEXT,
  resourceTypes: TEXT,
  container: TEXT,
  blob: TEXT,
  addressing: TEXT,
  endpoint: TEXT,
  version: TEXT,
  protocol: true,
  startsAt: true,
  ip: TEXT,
  encryptionScope: TEXT,
  method: TEXT,
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
}

/**
 * A URL with an account SAS. It opens everything in the account that services, resource types and permissions name,
 * whatever the URL says: a service SAS or user delegation SAS is nearly always the better choice.
 * Errors as in `presignAzureBlob`.
 */
export function presignAzureAccount(options: PresignAzureAccountOptions): PresignedRequest {
  checkOptions(options, KNOWN)
  requireOptions(options, 'account', 'accountKey', 'permissions', 'resourceTypes')
  const endpoint = readEndpoint(options)
  const version = readVersion(options.version, 'account')
  const fields = createFields(version)
  fields.ss = orderLetters(options.services ?? 'b', 'btqf', 'services')
  fields.srt = orderLetters(options.resourceTypes, 'sco', 'resourceTypes')
  fields.sp = orderPermissions(options.permissions, 'account', version)
  const expires = fillCommon(fields, options)
  assertComplete(fields)
  // Queues, tables and files read the same letters in ways of their own.
  const reach = reachOfAccount(fields.ss === 'b' ? fields.sp : undefined, fields.srt)
  const key = prepareAzureKey(options.accountKey, 'accountKey')
  const signature = encodeURIComponent(
    hmacBase64(key, formatAccountString(fields, options.account)),
  )
  return {
    url: `${endpoint}${urlPathOf(options)}?${formatTokenHead(fields)}${signature}`,
    method: methodWithin(reach, options.method),
    headers: NO_HEADERS,
    expiresAt: new Date((expires ?? 0) * 1000),
  }
}

function urlPathOf({ container, blob }: PresignAzureAccountOptions): string {
  if (container === undefined) {
    if (blob !== undefined) throw new TypeError('container is missing: blob is in one')
    return '/'
  }
  checkContainer(container)
  if (blob === undefined) return `/${container}`
  return `/${container}/${encodeName(blob, 'blob')}`
}
