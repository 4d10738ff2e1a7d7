/**
 * What the verifier of S3 requests takes and gives.
 *
 * @module
 */
import type { NameRule } from '../../lib/name-rule.ts'
import type { V4Query } from '../../lib/v4-query.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { S3Payload } from './payload.ts'
import type { S3HeaderReading } from './read-headers.ts'
import type { SignedQuery } from './signed-query.ts'

/** A key as the verifier needs it. Yours may hold more: it comes back in the result. */
export interface S3VerificationKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials: requests must carry exactly this token. Without it they must carry none. */
  readonly sessionToken?: string | undefined
}

/** The rules of a verifier. */
export interface S3VerifierOptions<
  Key extends S3VerificationKey = S3VerificationKey,
> extends ClockOptions {
  /**
   * The key of this id, or `null`. `sessionToken` is what the request carries of it, for temporary credentials whose token says what
   * they are; it is compared with the key's own afterwards. For keys that come asynchronously, see `createS3AsyncVerifier`.
   */
  readonly lookup: (accessKeyId: string, sessionToken: string | null) => Key | null
  /**
   * The regions whose signatures count here: one name, several, or a function. For Version 4A a function is asked for each
   * entry of the region set, patterns such as `us-*` as they stand.
   */
  readonly region: NameRule
  /** The only service whose signatures count here; `s3` unless given. */
  readonly service?: string | undefined
  /** A presigned URL that asks for more is refused. 604800, a week, unless given; never more. */
  readonly maxExpiresInSeconds?: number | undefined
  /** How far ahead the signer's clock may be, and for signed headers also behind. 900 unless given. */
  readonly maxSkewSeconds?: number | undefined
  /** Whether Signature Version 4A is taken as well. At once it needs `node:crypto`; the asynchronous twin does not. */
  readonly allowSigV4A?: boolean | undefined
  /** Fold dot segments and runs of slashes before comparing, as services other than S3 do. */
  readonly foldPath?: boolean | undefined
  /**
   * For services other than S3, whose requests need not announce a hash: the SHA-256 of the body, in hex,
   * computed by the caller. That of an empty body unless given.
   */
  readonly payloadHash?: string | undefined
}

export type VerifyS3Options<Key extends S3VerificationKey = S3VerificationKey> =
  S3VerifierOptions<Key>

/** The asynchronous twin, whose look-up may wait. */
export interface S3AsyncVerifierOptions<
  Key extends S3VerificationKey = S3VerificationKey,
> extends Omit<S3VerifierOptions<Key>, 'lookup'> {
  readonly lookup: (
    accessKeyId: string,
    sessionToken: string | null,
  ) => Key | null | Promise<Key | null>
}

/** The same for one request. */
export type VerifyS3AsyncOptions<Key extends S3VerificationKey = S3VerificationKey> =
  S3AsyncVerifierOptions<Key>

/** A request read once: what the two forms of verification start from. */
export interface S3RequestReading {
  readonly request: RawRequest
  /** The path as sent. */
  readonly rawPath: string
  readonly query: V4Query
  readonly headers: S3HeaderReading
}

export interface VerifiedS3Common<Key extends S3VerificationKey> {
  readonly accessKeyId: string
  /** What `lookup` returned. */
  readonly key: Key
  /** The region in which the signature counts. */
  readonly region: string
  readonly signedAt: Date
  readonly method: string
  /** The `Host` as it was signed. */
  readonly host: string
  /** The path, decoded exactly once: `/bucket/key` or `/key`. */
  readonly path: string
  readonly query: SignedQuery
  /** Names in lower case, sorted. Other headers of the request are not covered by the signature. */
  readonly signedHeaders: readonly string[]
  readonly payload: S3Payload
  /**
   * The value of an `x-amz-` header, `name` in lower case, whether it came as header or, hoisted by the signer,
   * as query parameter; `null` if it came as neither. Both ways are signed.
   */
  readonly amz: (name: string) => string | null
}

/** A presigned request. */
export interface VerifiedS3QueryRequest<
  Key extends S3VerificationKey = S3VerificationKey,
> extends VerifiedS3Common<Key> {
  readonly kind: 'query'
  readonly expiresAt: Date
  readonly expiresInSeconds: number
}

/** A request signed in its `Authorization` header. */
export interface VerifiedS3HeaderRequest<
  Key extends S3VerificationKey = S3VerificationKey,
> extends VerifiedS3Common<Key> {
  readonly kind: 'header'
  readonly expiresAt: null
  readonly expiresInSeconds: null
}

/** A request whose signature is right. Only a verifier makes one. */
export type VerifiedS3Request<Key extends S3VerificationKey = S3VerificationKey> =
  | VerifiedS3QueryRequest<Key>
  | VerifiedS3HeaderRequest<Key>
