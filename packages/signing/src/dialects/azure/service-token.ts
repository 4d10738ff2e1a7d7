/**
 * Drafts a service SAS: an account key, for one container, blob, snapshot, version or directory.
 *
 * @module
 */
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { TokenDraft } from './draft.ts'
import { assertComplete, NO_HEADERS } from './draft.ts'
import { reachOf } from './method-permissions.ts'
import { createFields } from './params.ts'
import { orderPermissions } from './permissions.ts'
import type { AzurePermissions } from './permissions.ts'
import { formatServiceLines } from './string-to-sign.ts'
import type { AzureTargetOptions } from './target.ts'
import { fillTarget } from './target.ts'
import type { AzureAccountOptions, AzureGrantOptions, AzureResponseOptions } from './token.ts'
import {
  checkText,
  fillCommon,
  fillResponseHeaders,
  formatTokenHead,
  readEndpoint,
  readVersion,
} from './token.ts'

/** What a service SAS is for, and what it says. */
export type AzureServiceRequest = AzureGrantOptions &
  (ExpiryOptions | { readonly storedPolicy: string }) &
  AzureTargetOptions &
  AzureResponseOptions & {
    /** Letters out of `racwdxltmeopiyf`; written in the order the service wants. */
    readonly permissions?: AzurePermissions
    /** `si`: a stored access policy of the container. What the policy says must not be said here too. */
    readonly storedPolicy?: string
  }

export function draftServiceToken(options: AzureAccountOptions & AzureServiceRequest): TokenDraft {
  const endpoint = readEndpoint(options)
  const version = readVersion(options.version, 'service')
  const fields = createFields(version)
  const { snapshot, urlQuery } = fillTarget(fields, options)
  if (options.permissions !== undefined) {
    fields.sp = orderPermissions(options.permissions, 'resource', version)
  }
  if (options.storedPolicy !== undefined) {
    fields.si = checkText(options.storedPolicy, 'storedPolicy')
  }
  const expires = fillCommon(fields, options)
  if (fields.si === undefined) assertComplete(fields)
  fillResponseHeaders(fields, options)
  return {
    endpoint,
    lines: formatServiceLines(fields, snapshot),
    queryHead: urlQuery + formatTokenHead(fields),
    expires,
    headers: NO_HEADERS,
    reach: reachOf(fields),
  }
}
