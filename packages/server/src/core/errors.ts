/**
 * Every way the domain can refuse, as one closed list. No HTTP here: each face maps a code to its own answer
 * in its render-error.ts. The codes are the anchors of docs/errors.md.
 */

export interface DomainErrorDetails {
  'bucket-name-invalid': { readonly reason: string }
  'bucket-not-found': { readonly bucket: string }
  'bucket-exists': { readonly bucket: string }
  'bucket-not-empty': { readonly bucket: string }
  'key-too-long': { readonly bytes: number; readonly maxBytes: number }
  /** A path, key or target that is refused for what it is: a dot segment, a control byte, broken UTF-8. */
  'path-invalid': { readonly reason: string }
  'file-not-found': { readonly path: string }
  'file-exists': { readonly path: string }
  'folder-not-found': { readonly path: string }
  'link-not-found': { readonly id: string }
  'key-not-found': { readonly id: string }
  'precondition-failed': { readonly condition: string }
  'not-modified': { readonly etag: string; readonly modifiedAt: number }
  'range-not-satisfiable': { readonly size: number }
  /** A field of the request has the wrong type, range or form; `field` says which. */
  'field-invalid': { readonly field: string; readonly reason: string }
  'metadata-too-large': { readonly bytes: number; readonly maxBytes: number }
  'file-too-large': { readonly maxBytes: number }
  'content-type-not-allowed': { readonly allowed: readonly string[] }
  'length-required': Record<string, never>
  /** The body is not what was announced or signed; `check` is the header or parameter that disagrees. */
  'digest-mismatch': { readonly check: string }
  'digest-invalid': { readonly check: string }
  'body-incomplete': { readonly expected: number; readonly received: number }
  'expiry-too-long': {
    readonly seconds: number
    readonly maxSeconds: number
    readonly hint: string
  }
  unauthenticated: { readonly reason: string }
  'api-key-invalid': Record<string, never>
  forbidden: { readonly action: string }
  'link-revoked': Record<string, never>
  'link-used': Record<string, never>
  'link-ip-not-allowed': Record<string, never>
  'method-not-allowed': { readonly method: string; readonly allowed: readonly string[] }
  'not-implemented': { readonly feature: string }
  'response-override-unsigned': Record<string, never>
  'store-unavailable': Record<string, never>
  'store-corrupt': Record<string, never>
}

export type DomainErrorCode = keyof DomainErrorDetails

export class DomainError<Code extends DomainErrorCode = DomainErrorCode> extends Error {
  override readonly name: string = 'DomainError'
  readonly code: Code
  readonly details: DomainErrorDetails[Code]

  constructor(code: Code, message: string, details: DomainErrorDetails[Code], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** The union over all codes: `switch (error.code)` narrows `error.details`. */
export type AnyDomainError = { [Code in DomainErrorCode]: DomainError<Code> }[DomainErrorCode]

export function isDomainError(error: unknown): error is AnyDomainError {
  return error instanceof DomainError
}
