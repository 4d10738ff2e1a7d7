/**
 * What the signer and the verifier of Imgix URLs take.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { ClockOptions } from '../../types.ts'

/** Who signs. */
export interface ImgixSignerOptions extends ClockOptions {
  /** The token of the source, as its settings show it. */
  readonly token: string
}

/** How to check URLs. */
export interface ImgixVerifierOptions extends ClockOptions {
  /** Every token that may have signed; several while they change. */
  readonly tokens: readonly string[]
  /** Refuse URLs without an end, which most are. */
  readonly requiresEnd?: boolean
  /** Methods the URL may be used with, since the signature covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** How to check one URL. */
export type VerifyImgixOptions = ImgixVerifierOptions

/** What a checked URL says. */
export interface VerifiedImgix {
  /** `null`: it has no end. */
  readonly expiresAt: Date | null
}

/** @throws {SigningError} `key-invalid` for an empty token */
export function assertToken(token: string): void {
  if (typeof token === 'string' && token !== '') return
  throw new SigningError('key-invalid', 'token must not be empty', {
    parameter: 'token',
    reason: 'expected the token of the source',
  })
}
