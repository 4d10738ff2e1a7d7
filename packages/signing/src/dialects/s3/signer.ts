/**
 * Signs request after request with one key for one service.
 *
 * @module
 */
import { createSigner } from '../../lib/signer.ts'
import type { Signer } from '../../types.ts'
import type { S3PostForm, S3PostPolicyRequest } from './post-policy.ts'
import { createPostPolicyWith } from './post-policy.ts'
import type { S3PresignRequest } from './presign-parts.ts'
import { presignWith } from './presign.ts'
import type { S3HeaderRequest, SignedS3Request } from './sign-headers.ts'
import { signHeadersWith } from './sign-headers.ts'
import type { S3SignerOptions } from './signer-state.ts'
import { createSignerState } from './signer-state.ts'

/** It keeps the key it derives for a day, and what requests of one second share. */
export interface S3Signer extends Signer<S3PresignRequest> {
  /** A request signed in its `Authorization` header: see `signS3Headers`. */
  readonly signHeaders: (request: S3HeaderRequest) => SignedS3Request
  /** The address and fields of a browser upload: see `createS3PostPolicy`. */
  readonly createPostPolicy: (request: S3PostPolicyRequest) => S3PostForm
}

/**
 * A signer for as long as its key is good: whoever makes more than one URL makes one and keeps it.
 *
 * ```ts
 * const signer = createS3Signer({ region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } })
 * const { url } = signer.sign({ method: 'GET', bucket: 'reports', key: 'a.pdf', expiresInSeconds: 300 })
 * ```
 */
export function createS3Signer(options: S3SignerOptions): S3Signer {
  const state = createSignerState(options)
  return {
    ...createSigner((request) => presignWith(state, request)),
    signHeaders: (request) => signHeadersWith(state, request),
    createPostPolicy: (request) => createPostPolicyWith(state, request),
  }
}
