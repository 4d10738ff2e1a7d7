/**
 * Signs request after request with one key for one service.
 *
 * @module
 */
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import {
  checkRequestOptions,
  checkSignerOptions,
  signerOptionTable,
  signOnce,
} from '../../lib/signer-options.ts'
import { createAsyncSigner, createSigner } from '../../lib/signer.ts'
import type { AsyncSigner, PresignedRequest, Signer } from '../../types.ts'
import type { S3PostForm, S3PostPolicyRequest } from './post-policy.ts'
import { createPostPolicyWith, POST_OPTIONS } from './post-policy.ts'
import type { S3PresignRequest } from './presign-parts.ts'
import { REQUEST_OPTIONS } from './presign-parts.ts'
import { presignWith } from './presign.ts'
import { createPlainPresigner, isPlain } from './presign-plain.ts'
import type { S3SignerMemory } from './signer-memory.ts'
import { createSignerMemory } from './signer-memory.ts'
import type { S3HeaderRequest, SignedS3Request } from './sign-headers.ts'
import { HEADER_OPTIONS, signHeadersWith } from './sign-headers.ts'
import { createAwaitedSigning } from './awaited-signing.ts'
import type { S3AsyncSignerOptions } from './signer-source.ts'
import { createAsyncSignerSource, createSignerSource } from './signer-source.ts'
import type { MultiRegionSigning, S3SignerOptions } from './signer-state.ts'
import { SIGNER_OPTIONS } from './signer-state.ts'

/** It keeps the key it derives for a day, and what requests of one second share. */
export interface S3Signer extends Signer<S3PresignRequest> {
  /** A request signed in its `Authorization` header: see `signS3Headers`. */
  readonly signHeaders: (request: S3HeaderRequest) => SignedS3Request
  /** The address and fields of a browser upload: see `createS3PostPolicy`. */
  readonly createPostPolicy: (request: S3PostPolicyRequest) => S3PostForm
}

const PRESIGN_OPTIONS: SignerOptionTable<S3SignerOptions, S3PresignRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: SIGNER_OPTIONS,
    request: REQUEST_OPTIONS,
  })

/** Of whatever a signer may be asked: a `bucket` given to it and not to the request would be lost. */
const ALL: SignerOptionTable<
  S3SignerOptions,
  S3PresignRequest & S3HeaderRequest & S3PostPolicyRequest
> = /* @__PURE__ */ signerOptionTable({
  signer: SIGNER_OPTIONS,
  request: { ...REQUEST_OPTIONS, ...HEADER_OPTIONS.request, ...POST_OPTIONS.request },
})

/**
 * A signer for as long as its key is good: whoever makes more than one URL makes one and keeps it.
 *
 * ```ts
 * const signer = createS3Signer({ region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } })
 * const { url } = signer.sign({ method: 'GET', bucket: 'reports', key: 'a.pdf', expiresInSeconds: 300 })
 * ```
 */
export function createS3Signer(options: S3SignerOptions): S3Signer {
  checkSignerOptions(options, ALL)
  const parts = createSignerSource(options, (current) => createParts(current))
  return {
    ...createSigner((request) => {
      checkRequestOptions(request, PRESIGN_OPTIONS)
      return parts().presign(request)
    }),
    signHeaders: (request) => {
      checkRequestOptions(request, HEADER_OPTIONS)
      return signHeadersWith(parts().memory, request)
    },
    createPostPolicy: (request) => {
      checkRequestOptions(request, POST_OPTIONS)
      return createPostPolicyWith(parts().memory, request)
    },
  }
}

/** The same for credentials that have to be waited for. */
export interface S3AsyncSigner extends AsyncSigner<S3PresignRequest> {
  readonly signHeaders: (request: S3HeaderRequest) => Promise<SignedS3Request>
  readonly createPostPolicy: (request: S3PostPolicyRequest) => Promise<S3PostForm>
}

/**
 * The asynchronous twin of {@link createS3Signer}.
 *
 * ```ts
 * const signer = createS3AsyncSigner({ region: 'eu-west-1', credentials: fromNodeProviderChain() })
 * const { url, expiresAt } = await signer.sign({ method: 'GET', bucket: 'reports', key: 'a.pdf', expiresInSeconds: 300 })
 * ```
 */
export function createS3AsyncSigner(options: S3AsyncSignerOptions): S3AsyncSigner {
  checkSignerOptions(options, ALL)
  const { createPostPolicy, presign, signHeaders } = createAwaitedParts(options)
  return {
    ...createAsyncSigner(async (request) => {
      checkRequestOptions(request, PRESIGN_OPTIONS)
      return presign(request)
    }),
    signHeaders: async (request) => {
      checkRequestOptions(request, HEADER_OPTIONS)
      return signHeaders(request)
    },
    createPostPolicy: async (request) => {
      checkRequestOptions(request, POST_OPTIONS)
      return createPostPolicy(request)
    },
  }
}

/** What signs with credentials that may have to be waited for, of options that are checked. */
interface AwaitedParts extends Pick<S3AsyncSigner, 'createPostPolicy' | 'signHeaders'> {
  readonly presign: S3AsyncSigner['sign']
}

function createAwaitedParts(options: S3AsyncSignerOptions): AwaitedParts {
  const { run, signMultiRegion } = createAwaitedSigning()
  const parts = createAsyncSignerSource(options, (current) => createParts(current, signMultiRegion))
  return {
    presign: async (request) => {
      const { presign } = await parts()
      return run(() => presign(request))
    },
    signHeaders: async (request) => {
      const { memory } = await parts()
      return run(() => signHeadersWith(memory, request))
    },
    createPostPolicy: async (request) => createPostPolicyWith((await parts()).memory, request),
  }
}

/** What a signer is made of while its credentials stay the same. */
interface SignerParts {
  readonly memory: S3SignerMemory
  readonly presign: (request: S3PresignRequest) => PresignedRequest
}

function createParts(options: S3SignerOptions, signMultiRegion?: MultiRegionSigning): SignerParts {
  const memory = createSignerMemory(options, signMultiRegion)
  const presignPlain = createPlainPresigner(memory)
  return {
    memory,
    presign: (request) => (isPlain(request) ? presignPlain(request) : presignWith(memory, request)),
  }
}

/** What `presignS3Async` needs. */
export type PresignS3AsyncOptions = S3AsyncSignerOptions & S3PresignRequest

/** The asynchronous twin of `presignS3`. */
export async function presignS3Async(options: PresignS3AsyncOptions): Promise<PresignedRequest> {
  return signOnce(
    options,
    PRESIGN_OPTIONS,
    (signer: S3AsyncSignerOptions) => createAwaitedParts(signer).presign,
  )
}

/** The asynchronous twin of `signS3Headers`. */
export async function signS3HeadersAsync(
  options: S3AsyncSignerOptions & S3HeaderRequest,
): Promise<SignedS3Request> {
  return signOnce(
    options,
    HEADER_OPTIONS,
    (signer: S3AsyncSignerOptions) => createAwaitedParts(signer).signHeaders,
  )
}

/** The asynchronous twin of `createS3PostPolicy`. */
export async function createS3PostPolicyAsync(
  options: S3AsyncSignerOptions & S3PostPolicyRequest,
): Promise<S3PostForm> {
  return signOnce(
    options,
    POST_OPTIONS,
    (signer: S3AsyncSignerOptions) => createAwaitedParts(signer).createPostPolicy,
  )
}
