/**
 * A signed token for a container or something in it, before it becomes a URL.
 *
 * @module
 */

import type { AzureFields } from './params.ts'
import { createFields } from './params.ts'
import { orderPermissions } from './permissions.ts'
import type { AzureResource } from './string-to-sign.ts'
import { formatServiceString } from './string-to-sign.ts'
import type { AzureTarget, AzureTargetOptions } from './target.ts'
import { fillTarget } from './target.ts'
import type { AzureResponseHeaders, AzureTokenOptions } from './token.ts'
import {
  checkText,
  fillCommon,
  fillResponseHeaders,
  formatToken,
  prepareAzureKey,
  readEndpoint,
  readVersion,
} from './token.ts'

/** What a service SAS is made from. */
export interface AzureServiceOptions extends AzureTokenOptions, AzureTargetOptions {
  /** Either key of the account, in base64. */
  readonly accountKey: string
  /** Letters out of `racwdxltmeopiyf`; written in the order the service wants. */
  readonly permissions?: string
  /** `si`: a stored access policy of the container. What the policy says must not be said here too. */
  readonly storedPolicy?: string
  /** Response headers the token sets on GET. */
  readonly responseHeaders?: AzureResponseHeaders
}

/** A token with the URL path it was made for. */
export interface SignedToken {
  readonly endpoint: string
  readonly target: AzureTarget
  /** Everything of the query: snapshot, signed parameters, token. */
  readonly query: string
  readonly token: string
  readonly stringToSign: string
  /** Epoch seconds; `null` if a stored access policy knows. */
  readonly expires: number | null
  readonly headers: Readonly<Record<string, string>>
}

const NO_HEADERS: Readonly<Record<string, string>> = {}

/** Signs a service SAS. */
export function signServiceToken(options: AzureServiceOptions): SignedToken {
  const endpoint = readEndpoint(options)
  const version = readVersion(options.version, 'service')
  const fields = createFields(version)
  const target = fillTarget(fields, options.account, options)
  if (options.permissions !== undefined) {
    fields.sp = orderPermissions(options.permissions, 'resource', version)
  }
  if (options.storedPolicy !== undefined) {
    fields.si = checkText(options.storedPolicy, 'storedPolicy')
  }
  const expires = fillCommon(fields, options)
  if (fields.si === undefined) assertComplete(fields)
  fillResponseHeaders(fields, options.responseHeaders)
  const key = prepareAzureKey(options.accountKey, 'accountKey')
  const stringToSign = formatServiceString(fields, resourceOf(target))
  const token = formatToken(fields, stringToSign, key)
  const query = target.urlQuery + token
  return { endpoint, target, query, token, stringToSign, expires, headers: NO_HEADERS }
}

/** The resource of a target that signs no headers and no query. */
export function resourceOf({ resourcePath, snapshot }: AzureTarget): AzureResource {
  return { path: resourcePath, snapshot, headers: '', query: '' }
}

/** Only a stored access policy may leave these to itself. @throws {TypeError} */
export function assertComplete(fields: AzureFields): void {
  if (fields.sp === undefined) throw new TypeError('permissions must be given')
  if (fields.se === undefined)
    throw new TypeError('one of expiresInSeconds and expiresAt must be given')
}
