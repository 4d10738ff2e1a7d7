/**
 * What a user delegation SAS is made from.
 *
 * @module
 */
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { AzurePermissions } from './permissions.ts'
import type { Pairs } from '../../types.ts'
import type { AzureTargetOptions } from './target.ts'
import type { AzureAccountOptions, AzureGrantOptions, AzureResponseOptions } from './token.ts'

/** The answer of Get User Delegation Key, named as the official SDKs name its parts. Times as dates or as written. */
export interface AzureDelegationKey {
  readonly signedObjectId: string
  readonly signedTenantId: string
  readonly signedStartsOn: Date | string
  readonly signedExpiresOn: Date | string
  readonly signedService: string
  readonly signedVersion: string
  /** The key in base64. */
  readonly value: string
  /** The tenant of a delegated user, for keys bound to one. */
  readonly signedDelegatedUserTenantId?: string | undefined
}

/** What a user delegation SAS is for, and what it says. */
export type AzureDelegationRequest = AzureGrantOptions &
  ExpiryOptions &
  AzureTargetOptions &
  AzureResponseOptions & {
    /** Letters out of `racwdxltmeopiyf`. */
    readonly permissions: AzurePermissions
    /** `saoid`: a principal the signer vouches for; the service asks no access list. Excludes `unauthorizedObjectId`. */
    readonly authorizedObjectId?: string
    /** `suoid`: a principal whose access lists the service asks. */
    readonly unauthorizedObjectId?: string
    /** `scid`: an id that appears in the storage logs. */
    readonly correlationId?: string
    /** `sduoid`: the one principal who may use the URL, with a bearer token of its own. Version 2025-07-05 or later. */
    readonly delegatedUserObjectId?: string
    /** Headers the request must carry with these values. Version 2026-04-06 or later. */
    readonly requestHeaders?: Pairs
    /** Query parameters the URL carries and nobody may change. Version 2026-04-06 or later. */
    readonly requestQuery?: Pairs
  }

/** Whose delegation key signs, for which account. */
export interface AzureDelegationSignerOptions extends AzureAccountOptions {
  readonly delegationKey: AzureDelegationKey
}

/** What `presignAzureUserDelegation` needs. */
export type PresignAzureUserDelegationOptions = AzureDelegationSignerOptions &
  AzureDelegationRequest
