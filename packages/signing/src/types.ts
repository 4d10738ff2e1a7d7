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

/** What signs at once. */
export interface Signer<Request> {
  /** The signed request. @throws {TypeError | RangeError} naming the option */
  readonly sign: (request: Request) => PresignedRequest
  /** The signed requests, in the same order. One that cannot be signed refuses all. */
  readonly signAll: (requests: readonly Request[]) => PresignedRequest[]
}

/** The same, for keys or runtimes that must be waited for. */
export interface AsyncSigner<Request> {
  readonly sign: (request: Request) => Promise<PresignedRequest>
  readonly signAll: (requests: readonly Request[]) => Promise<PresignedRequest[]>
}

/** One signature for many files: each URL costs a concatenation. A URL that it does not open is a `RangeError`. */
export interface PrefixSigner extends Signer<string> {
  /** When every URL of this signature stops working. */
  readonly expiresAt: Date
}

/** A moment, or a function that is asked for it at each use. */
export type Clock = Date | (() => Date)

/** The one clock of every signer, every verifier and every single call. */
export interface ClockOptions {
  /** The system's clock unless given. What a call is given comes before what its signer or verifier was given. */
  readonly now?: Clock | undefined
}

/**
 * What may be given where several names and values are wanted: a record; pairs, where order or repeats matter; or what gives pairs
 * by itself: `Headers`, `URLSearchParams`, a `Map`.
 */
export type Pairs =
  | Readonly<Record<string, string>>
  | Iterable<readonly [name: string, value: string]>
