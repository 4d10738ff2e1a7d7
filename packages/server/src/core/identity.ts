/**
 * Who is calling, as types. A `Principal` or a `VerifiedLink` can only be made by `auth/` (lint forbids the import of
 * the makers elsewhere), so a core function that takes one cannot be reached by an unauthenticated path.
 */
import type { AccessKeyRecord, KeyScope } from '../catalog/records.ts'
import type { SessionPerson } from '../catalog/tables/sessions.ts'
import type { UserFacts } from './users/user-tokens.ts'

declare const principalBrand: unique symbol
declare const verifiedLinkBrand: unique symbol

/** Somebody who is signed in to the console by the word of a provider of OpenID Connect. */
export interface PersonFacts extends SessionPerson {
  /** When the session began. */
  readonly since: number
  readonly expiresAt: number
}

/** Somebody with rights of their own: an API key, an S3 key pair, a person at the console, an end user, or nobody. */
export interface Principal {
  readonly [principalBrand]: true
  readonly kind: 'api-key' | 'access-key' | 'person' | 'user' | 'anonymous'
  /** The key's id; of an end user `user.`, of a person `person.` and the subject (core/users/user-id.ts); `anonymous` for nobody. For logs and `createdBy`. */
  readonly id: string
  /** Of an end user no more than an outline, which holds all that may be allowed and allows nothing. */
  readonly scope: KeyScope
  readonly clientIp: string
  /** Of end users, and there only. */
  readonly user?: UserFacts | undefined
  /** Of people at the console, and there only. */
  readonly person?: PersonFacts | undefined
  /** Of nobody and of end users: the origin of the web page that asks; nothing for programs and pages of this server. */
  readonly pageOrigin?: string | null | undefined
  /** Temporary credentials, which nobody stores: all that they say of themselves. */
  readonly temporary?: AccessKeyRecord | undefined
  /** What its program calls itself, where it said so. */
  readonly agent?: string | null
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
  /** The second it says it was signed in. */
  readonly signedAt: number
  /** When it was issued: the server's own links say it to the millisecond, others with the second of their signature. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** `X-Hallpass-Link`: the link's id. Automatic ones have no record behind it. */
  readonly linkId: string | null
  /** The file it was issued for, where the id says so; `null` for any of the name. */
  readonly fileId: string | null
  /** `versionId`: the one version it was signed for; `null` for whichever is current. */
  readonly versionId: string | null
  /** The key it was made for, where its id says so; the record says it of all others. */
  readonly createdBy: string | null
  /** `X-Hallpass-Ip`: CIDRs, empty for any. */
  readonly ips: readonly string[]
  readonly clientIp: string
  /** What its program calls itself, where it said so. */
  readonly agent?: string | null
  /** Who asks for a preview, by what the request says of itself; `null` for people and programs. */
  readonly previewAgent: string | null
  /** The origin of the web page that asks; nothing for programs and pages of this server. */
  readonly pageOrigin?: string | null | undefined
  /** Of the temporary credentials that signed it. */
  readonly temporary?: AccessKeyRecord | undefined
  /** The credentials with which the bearer signs by itself, and chooses what is asked for: files may be sent, and nothing else. */
  readonly sendsWith?: string
}

export type Caller = Principal | VerifiedLink

export function isLink(caller: Caller): caller is VerifiedLink {
  return 'signedAt' in caller
}

/** Whose rights are used: the key's id, of a link the key's that signed it. */
export function callerId(caller: Caller): string {
  return isLink(caller) ? caller.keyId : caller.id
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
