/**
 * Every way signing and verifying can fail: one closed list of codes, each with its facts.
 * The same codes are the anchors of docs/errors.md. Messages never hold a secret, a signature or a usable URL.
 *
 * @module
 */

/** The facts that come with each code. */
export interface SigningErrorDetails {
  /**
   * The signature is well formed, and not the one this request needs. S3 adds what was signed here, because its
   * clients are shown it; both hold what the sender sent, and neither a secret nor the expected signature.
   */
  'signature-mismatch': {
    readonly dialect: string
    readonly stringToSign?: string
    readonly canonicalRequest?: string
  }
  /** The signature cannot be one: wrong length or alphabet. */
  'signature-malformed': { readonly parameter: string }
  /** The time is over. */
  'signature-expired': { readonly expiredAt: Date; readonly now: Date; readonly signedAt?: Date }
  /** The time has not come. */
  'signature-not-yet-valid': {
    readonly validFrom: Date
    readonly now: Date
    readonly expiresAt?: Date
  }
  /** The request carries no signature of this dialect at all. */
  'signature-missing': { readonly dialect: string }
  /** Header authentication: the clocks of signer and verifier differ too much. */
  'time-skewed': { readonly signedAt: Date; readonly now: Date; readonly maxSkewSeconds: number }
  /** The life asked for, or found, is longer than allowed. */
  'expiry-too-long': { readonly seconds: number; readonly maxSeconds: number }
  /** A control parameter, header or field is missing. */
  'parameter-missing': { readonly parameter: string }
  /** A control parameter, header or field is there twice. */
  'parameter-duplicate': { readonly parameter: string }
  /** A control parameter, header or field does not have its form; `reason` says what was expected. */
  'parameter-malformed': { readonly parameter: string; readonly reason: string }
  /** The algorithm named is not one this dialect (or this verifier) takes. */
  'algorithm-unsupported': { readonly algorithm: string; readonly supported: readonly string[] }
  /** The credential scope names another day, region, service or terminal. */
  'scope-mismatch': {
    readonly part: 'date' | 'region' | 'service' | 'terminal'
    readonly actual: string
    readonly expected: string
  }
  /** No key is known by this id. */
  'key-unknown': { readonly keyId: string }
  /** A key, secret or PEM given by the caller cannot be used. */
  'key-invalid': { readonly parameter: string; readonly reason: string }
  /** A session token came that this verifier does not take, or does not match the key. */
  'token-invalid': { readonly parameter: string }
  /** Headers that must be signed are not. */
  'headers-unsigned': { readonly names: readonly string[] }
  /** A header that was signed did not arrive. */
  'header-missing': { readonly name: string }
  /** A value came as header and as query parameter, and the two differ. */
  'header-conflict': { readonly name: string }
  /** Two ways of authenticating in one request. */
  'credentials-ambiguous': { readonly found: readonly string[] }
  /** The signature is right, and does not allow this method or operation. */
  'permission-missing': { readonly needed: string; readonly granted: string }
  /** The signature is right, and is for another resource. */
  'resource-mismatch': { readonly reason: string }
  /** The client's address is not in the range the URL was made for. */
  'ip-not-allowed': { readonly allowed: string }
  /** The client's country is not one the URL was made for, or is not known. */
  'country-not-allowed': { readonly allowed: string | null; readonly blocked: string | null }
  /** The page that links here is not one the URL was made for, or is not known. */
  'referrer-not-allowed': { readonly allowed: string | null; readonly blocked: string | null }
  /** The URL is for https only. */
  'protocol-not-allowed': { readonly allowed: string }
  /** No stored access policy is known by this id. */
  'policy-unknown': { readonly policyId: string }
  /** A policy document is not one. */
  'policy-malformed': { readonly reason: string }
  /** A form field or size breaks a condition of its policy. */
  'policy-condition-failed': { readonly condition: string }
  /** A form field no condition covers. */
  'policy-extra-field': { readonly field: string }
  /** The file is larger than its policy allows. */
  'entity-too-large': { readonly size: number; readonly maxBytes: number }
  /** The file is smaller than its policy allows. */
  'entity-too-small': { readonly size: number; readonly minBytes: number }
  /** The body is not the one that was signed. */
  'payload-mismatch': { readonly parameter: string }
  /** An `aws-chunked` body breaks its framing. */
  'chunk-malformed': { readonly reason: string }
  /** The body ended early, or is not as long as announced. */
  'body-incomplete': { readonly expected: number; readonly received: number }
  /** A chunk that is not the last is smaller than allowed. */
  'chunk-too-small': { readonly chunk: number; readonly size: number; readonly minBytes: number }
  /** The trailer of a chunked body breaks its form, or was not announced. */
  'trailer-malformed': { readonly reason: string }
  /** The runtime has no synchronous cryptography of this kind: use the `…Async` twin. */
  'sync-crypto-unavailable': { readonly operation: string }
}

export type SigningErrorCode = keyof SigningErrorDetails

/**
 * Thrown by every presigner and verifier. `code` is stable, `details` carries the facts of that code.
 * Arguments of the wrong type or range are `TypeError` and `RangeError` with the parameter's name instead.
 */
export class SigningError<Code extends SigningErrorCode = SigningErrorCode> extends Error {
  override readonly name: string = 'SigningError'
  readonly code: Code
  readonly details: SigningErrorDetails[Code]

  constructor(code: Code, message: string, details: SigningErrorDetails[Code], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** The union over all codes: `switch (error.code)` narrows `error.details`. */
export type AnySigningError = { [Code in SigningErrorCode]: SigningError<Code> }[SigningErrorCode]

/** True for errors of this library, also across copies of it. */
export function isSigningError(error: unknown): error is AnySigningError {
  return error instanceof Error && error.name === 'SigningError' && 'code' in error
}
