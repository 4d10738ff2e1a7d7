/**
 * Who is calling, as types. A `Principal` or a `VerifiedLink` can only be made by `auth/` (lint forbids the import of
 * the makers elsewhere), so a core function that takes one cannot be reached by an unauthenticated path.
 */
import type { KeyScope } from '../catalog/records.ts'

declare const principalBrand: unique symbol
declare const verifiedLinkBrand: unique symbol

/** Somebody with rights of their own: an API key, an S3 key pair, or nobody. */
export interface Principal {
  readonly [principalBrand]: true
  readonly kind: 'api-key' | 'access-key' | 'anonymous'
  /** The key's id; `anonymous` for nobody. For logs and `createdBy`. */
  readonly id: string
  readonly scope: KeyScope
  readonly clientIp: string
}

/** A presigned URL whose signature and time held: the right to do one thing. */
export interface VerifiedLink {
  readonly [verifiedLinkBrand]: true
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'POST'
  readonly keyId: string
  /** True: signed by the server itself; false: by the holder of an access key. */
  readonly isOwn: boolean
  /** The rights of the key that signed; a link never reaches further. */
  readonly scope: KeyScope
  readonly signedAt: number
  readonly expiresAt: number
  /** `X-Hallpass-Link`: the stored grant behind it. */
  readonly grantId: string | null
  /** `X-Hallpass-Ip`: CIDRs, empty for any. */
  readonly ips: readonly string[]
  readonly clientIp: string
}

export type Caller = Principal | VerifiedLink

export function isLink(caller: Caller): caller is VerifiedLink {
  return 'signedAt' in caller
}

/** Only for `auth/`. */
export function makePrincipal(fields: Omit<Principal, typeof principalBrand>): Principal {
  return fields as Principal
}

/** Only for `auth/`. */
export function makeVerifiedLink(
  fields: Omit<VerifiedLink, typeof verifiedLinkBrand>,
): VerifiedLink {
  return fields as VerifiedLink
}
