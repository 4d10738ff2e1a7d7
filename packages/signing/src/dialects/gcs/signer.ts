/**
 * Signs request after request for Google Cloud Storage with one key.
 *
 * @module
 */
import { refuseUnknown } from '../../lib/known-options.ts'
import { createAsyncSigner, createSigner } from '../../lib/signer.ts'
import type { AsyncSigner, Signer } from '../../types.ts'
import type { GcsAsyncSignerOptions, GcsSignerOptions } from './keys.ts'
import { prepareGcsSigner } from './keys.ts'
import type { GcsPostPolicy, GcsPostPolicyDocumentOptions } from './post-policy.ts'
import { createPostPolicyAsyncWith, createPostPolicyWith } from './post-policy.ts'
import type { GcsRequestOptions } from './presign.ts'
import { GCS_OPTIONS, presignAsyncWith, presignWith } from './presign.ts'

/** It keeps the key as it was read, and the one it derives for a day. */
export interface GcsSigner extends Signer<GcsRequestOptions> {
  /** A signed form: see `createGcsPostPolicy`. */
  readonly createPostPolicy: (form: GcsPostPolicyDocumentOptions) => GcsPostPolicy
}

/** The same over WebCrypto, and for keys that stay with Google. */
export interface GcsAsyncSigner extends AsyncSigner<GcsRequestOptions> {
  readonly createPostPolicy: (form: GcsPostPolicyDocumentOptions) => Promise<GcsPostPolicy>
}

/** A signer for as long as its key is good. @throws {TypeError} naming the member @throws {SigningError} `key-invalid` */
export function createGcsSigner(options: GcsSignerOptions): GcsSigner {
  refuseUnknown(options, GCS_OPTIONS)
  const signer = prepareGcsSigner(options)
  return {
    ...createSigner((request) => presignWith(signer, request)),
    createPostPolicy: (form) => createPostPolicyWith(signer, form),
  }
}

/** The asynchronous twin of {@link createGcsSigner}. */
export function createGcsAsyncSigner(options: GcsAsyncSignerOptions): GcsAsyncSigner {
  refuseUnknown(options, GCS_OPTIONS)
  const signer = prepareGcsSigner(options)
  return {
    ...createAsyncSigner((request) => presignAsyncWith(signer, request)),
    createPostPolicy: (form) => createPostPolicyAsyncWith(signer, form),
  }
}
