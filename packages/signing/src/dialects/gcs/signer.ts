/**
 * Signs request after request for Google Cloud Storage with one key.
 *
 * @module
 */
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import {
  checkRequestOptions,
  checkSignerOptions,
  signerOptionTable,
} from '../../lib/signer-options.ts'
import { createAsyncSigner, createSigner } from '../../lib/signer.ts'
import type { AsyncSigner, Signer } from '../../types.ts'
import type { GcsAsyncSignerOptions, GcsSignerOptions } from './keys.ts'
import { GCS_SIGNER_OPTIONS, prepareGcsSigner } from './keys.ts'
import type { GcsPostPolicy, GcsPostPolicyDocumentOptions } from './post-policy.ts'
import { createPostPolicyAsyncWith, createPostPolicyWith, POST_OPTIONS } from './post-policy.ts'
import type { GcsRequestOptions } from './presign.ts'
import { PRESIGN_OPTIONS, presignAsyncWith, presignWith } from './presign.ts'

/** It keeps the key as it was read, and the one it derives for a day. */
export interface GcsSigner extends Signer<GcsRequestOptions> {
  /** A signed form: see `createGcsPostPolicy`. */
  readonly createPostPolicy: (form: GcsPostPolicyDocumentOptions) => GcsPostPolicy
}

/** The same over WebCrypto, and for keys that stay with Google. */
export interface GcsAsyncSigner extends AsyncSigner<GcsRequestOptions> {
  readonly createPostPolicy: (form: GcsPostPolicyDocumentOptions) => Promise<GcsPostPolicy>
}

const OPTIONS: SignerOptionTable<
  GcsSignerOptions,
  GcsRequestOptions & GcsPostPolicyDocumentOptions
> = /* @__PURE__ */ signerOptionTable({
  signer: GCS_SIGNER_OPTIONS,
  request: { ...PRESIGN_OPTIONS.request, ...POST_OPTIONS.request },
})

/** A signer for as long as its key is good. @throws {TypeError} naming the member @throws {SigningError} `key-invalid` */
export function createGcsSigner(options: GcsSignerOptions): GcsSigner {
  checkSignerOptions(options, OPTIONS)
  const signer = prepareGcsSigner(options)
  return {
    ...createSigner((request) => {
      checkRequestOptions(request, PRESIGN_OPTIONS)
      return presignWith(signer, request)
    }),
    createPostPolicy: (form) => {
      checkRequestOptions(form, POST_OPTIONS)
      return createPostPolicyWith(signer, form)
    },
  }
}

/** The asynchronous twin of {@link createGcsSigner}. */
export function createGcsAsyncSigner(options: GcsAsyncSignerOptions): GcsAsyncSigner {
  checkSignerOptions(options, OPTIONS)
  const signer = prepareGcsSigner(options)
  return {
    ...createAsyncSigner(async (request) => {
      checkRequestOptions(request, PRESIGN_OPTIONS)
      return presignAsyncWith(signer, request)
    }),
    createPostPolicy: async (form) => {
      checkRequestOptions(form, POST_OPTIONS)
      return createPostPolicyAsyncWith(signer, form)
    },
  }
}
