/**
 * The shapes every dialect shares: what is verified, what a presigner returns, what can be a time.
 *
 * @module
 */

/**
 * Header names and values in turn, in order of arrival, exactly as they came:
 * `['Host', 'example.test', 'Accept', '*' + '/*']`. This is what Node calls `rawHeaders`.
 * A merged or re-ordered view (`Headers`, `IncomingMessage.headers`) hides duplicates, so none is taken.
 */
export type RawHeaders = readonly string[]

/**
 * A request as it arrived. Nothing in it has been decoded, normalised or routed:
 * `new URL()` and most routers fold dot segments and re-encode escapes, and a signature covers the bytes.
 */
export interface RawRequest {
  /** The method as sent, in upper case: `GET`. */
  readonly method: string
  /** The request target as sent: path and query, `/bucket/a%20b?X-Amz-Date=…`. Never a full URL. */
  readonly target: string
  /** See {@link RawHeaders}. `Host` is read from here. */
  readonly headers: RawHeaders
  /** How the client reached the server. `https` unless said otherwise. */
  readonly scheme?: 'http' | 'https'
  /** The client's address, for the dialects that bind one. Absent: an address-bound URL is refused. */
  readonly clientIp?: string
}

/**
 * What a presigner returns. What must be sent together stands together: a request to `url` that uses
 * another method, or leaves out or changes one of `headers`, is refused.
 */
export interface PresignedRequest {
  readonly url: string
  readonly method: string
  /** Headers the signature covers and the sender must send, `Host` left out. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The last moment at which the URL works. */
  readonly expiresAt: Date
}

/** What may be given where several names and values are wanted: a record, or pairs where order or repeats matter. */
export type Pairs =
  | Readonly<Record<string, string>>
  | readonly (readonly [name: string, value: string])[]
