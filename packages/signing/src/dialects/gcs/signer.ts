/**
 * Signs request after request for Google Cloud Storage with one key.
 *
 * @module
 */
import type { PresignedRequest } from '../../types.ts'
import type { GcsKey, GcsRemoteKey } from './keys.ts'
import { prepareGcsSigner } from './keys.ts'
import type { GcsPostPolicy, GcsPostPolicyDocumentOptions } from './post-policy.ts'
import { createPostPolicyAsyncWith, createPostPolicyWith } from './post-policy.ts'
import type { GcsRequestOptions } from './presign.ts'
import { presignAsyncWith, presignWith } from './presign.ts'

/** It keeps the key as it was read, and the one it derives for a day. */
export interface GcsSigner {
  /** A signed URL: see `presignGcs`. */
  readonly sign: (request: GcsRequestOptions) => PresignedRequest
  /** A signed form: see `createGcsPostPolicy`. */
  readonly createPostPolicy: (form: GcsPostPolicyDocumentOptions) => GcsPostPolicy
}

/** The same over WebCrypto, and for keys that stay with Google. */
export interface GcsAsyncSigner {
  readonly sign: (request: GcsRequestOptions) => Promise<PresignedRequest>
  readonly createPostPolicy: (form: GcsPostPolicyDocumentOptions) => Promise<GcsPostPolicy>
}

/** A signer for as long as its key is good. @throws {TypeError} naming the member @throws {SigningError} `key-invalid` */
export function createGcsSigner({ key }: { readonly key: GcsKey }): GcsSigner {
  const signer = prepareGcsSigner(key)
  return {
    sign: (request) => presignWith(signer, request),
    createPostPolicy: (form) => createPostPolicyWith(signer, form),
  }
}

/** The asynchronous twin of {@link createGcsSigner}. */
export function createGcsAsyncSigner({
  key,
}: {
  readonly key: GcsKey | GcsRemoteKey
}): GcsAsyncSigner {
  const signer = prepareGcsSigner(key)
  return {
    sign: (request) => presignAsyncWith(signer, request),
    createPostPolicy: (form) => createPostPolicyAsyncWith(signer, form),
  }
}
