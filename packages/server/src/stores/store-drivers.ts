/** The port to whoever opens stores by their URL: which drivers there are is compose's to say. */
import type { BucketLook, LookOptions } from './bucket-look.ts'
import type { ObjectStore } from './object-store.ts'

/** Keys of an account, as its kind of store has them; nothing for what the machine itself is allowed. */
export interface StoreCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of a key pair that ends by itself. */
  readonly sessionToken?: string
}

export interface StoreAccess {
  /** `s3://bucket/prefix?endpoint=…`. No credential is in it. */
  readonly url: string
  readonly credentials: StoreCredentials | null
}

/** A URL that leads nowhere, for a reason that whoever gave it may read. */
export class StoreUrlError extends Error {}

/** A CDN that stands before a store, with the key that signs its URLs. */
export interface CdnAccess {
  readonly kind: 'cloudfront' | 'cloud-cdn' | 'media-cdn' | 'bunny' | 'akamai'
  readonly url: string
  readonly keyName: string
  readonly key: string
}

/** The URL of an object at the CDN, until so many seconds from now. */
export type SignCdnUrl = (key: string, expiresInSeconds: number) => URL

export interface CdnCookieWish {
  /** All keys that begin with it: `''`, or it ends in a slash. */
  readonly prefix: string
  /** Milliseconds. */
  readonly expiresAt: number
  /** The IPv4 network from which alone they work; `null` for any. */
  readonly network: string | null
  /** The host of the CDN or one above it; `null`: whoever sets them is that host. */
  readonly domain: string | null
  readonly sameSite: 'Strict' | 'Lax' | 'None'
}

export interface CdnCookies {
  /** What they open; a star stands for any end. */
  readonly resource: string
  /** Names and values. */
  readonly cookies: Readonly<Record<string, string>>
  /** Whole values of `Set-Cookie`. */
  readonly setCookie: readonly string[]
}

/** Cookies with which the CDN serves a folder. Throws `StoreUrlError` for a domain whose cookies it never gets. */
export type SignCdnCookies = (wish: CdnCookieWish) => CdnCookies

export interface Cdn {
  readonly signUrl: SignCdnUrl
  /** `null`: this kind has none that are signed here. */
  readonly signCookies: SignCdnCookies | null
}

export interface StoreDrivers {
  /**
   * Where it leads, spelled one way and with a slash at its end: of two that overlap one begins with the other. Throws `StoreUrlError`.
   */
  placeOf(url: string): string
  /** Connects to nothing yet. Throws `StoreUrlError`. */
  open(access: StoreAccess): Promise<ObjectStore>
  /** Looks at the bucket, and says what to change. Throws `StoreUrlError`, or `StoreUnavailable` if nobody answers. */
  look(access: StoreAccess, options: LookOptions): Promise<BucketLook>
  /** Throws `StoreUrlError` for a key or an address that the CDN cannot have. */
  openCdn(access: CdnAccess): Cdn
}
