/**
 * Makes CloudFront signed URLs: from a canned policy where the URL says it all, from a custom policy else.
 *
 * @module
 */

import { requireMethod } from '../../lib/method-scope.ts'
import { toBase64Url, utf8 } from '../../lib/bytes.ts'
import { asyncSignerOf, signerOf, signOnce } from '../../lib/signer-options.ts'
import type { AsyncSigner, Clock, PresignedRequest, Signer } from '../../types.ts'
import { CLOUDFRONT_OPTIONS, preparePolicy } from './prepare-policy.ts'
import type { CloudFrontPolicyOptions, PreparedPolicy } from './prepare-policy.ts'
import { HASHES, encodeCloudFrontBase64, toCloudFrontAlphabet } from './params.ts'
import { appendParameters, encodeCloudFrontUrl } from './signed-url.ts'
import { prepareSignerKey } from './signer-key.ts'
import type { CloudFrontSignerKey } from './signer-key.ts'
import { signBytesAsync, signTextBase64Url } from '../../lib/public-key.ts'

/** A URL to sign, and what the policy says. */
export type CloudFrontRequest = CloudFrontPolicyOptions & {
  /** The absolute URL. Characters a browser would encode are encoded; escapes stay as they are. */
  readonly url: string
  /** CloudFront signatures bind no method; this one is only handed back. `GET` by default. */
  readonly method?: string
}

/** What {@link presignCloudFront} needs. */
export type PresignCloudFrontOptions = CloudFrontSignerKey & CloudFrontRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type CloudFrontSigner = Signer<CloudFrontRequest>

/** The same over WebCrypto, for runtimes without `node:crypto`. */
export type CloudFrontAsyncSigner = AsyncSigner<CloudFrontRequest>

/** A signer for as long as its key is good. @throws {TypeError} naming the option @throws {SigningError} `key-invalid` */
export function createCloudFrontSigner(options: CloudFrontSignerKey): CloudFrontSigner {
  return signerOf(options, CLOUDFRONT_OPTIONS, prepareSigning)
}

function prepareSigning(
  options: CloudFrontSignerKey,
): (request: CloudFrontRequest) => PresignedRequest {
  const { keyPairId, privateKey } = prepareSignerKey(options)
  return (request) => {
    const { policy, url } = prepareRequest(request, options.now)
    const signature = signTextBase64Url(privateKey, HASHES[policy.hashAlgorithm], policy.text)
    return toRequest(request, url, formatParameters(policy, keyPairId, signature), policy)
  }
}

/** The asynchronous twin of {@link createCloudFrontSigner}. */
export function createCloudFrontAsyncSigner(options: CloudFrontSignerKey): CloudFrontAsyncSigner {
  return asyncSignerOf(options, CLOUDFRONT_OPTIONS, prepareAsyncSigning)
}

function prepareAsyncSigning(
  options: CloudFrontSignerKey,
): (request: CloudFrontRequest) => Promise<PresignedRequest> {
  const { keyPairId, privateKey } = prepareSignerKey(options)
  return async (request) => {
    const { policy, url } = prepareRequest(request, options.now)
    const hash = HASHES[policy.hashAlgorithm]
    const signature = toBase64Url(await signBytesAsync(privateKey, hash, utf8(policy.text)))
    return toRequest(request, url, formatParameters(policy, keyPairId, signature), policy)
  }
}

/**
 * A URL that CloudFront serves until `expiresAt`. A canned policy is used unless `startsAt`, `ip`, `resource` or
 * `policy` ask for a custom one. Resource in the policy is byte-equal to the URL in front of the parameters. Whoever makes
 * more than one URL makes a signer with {@link createCloudFrontSigner}, which reads the key once.
 *
 * @throws {TypeError | RangeError} naming the option
 * @throws {SigningError} `key-invalid`, `policy-malformed`, `sync-crypto-unavailable` (use {@link presignCloudFrontAsync})
 *
 * @example
 * ```ts
 * const { url } = presignCloudFront({
 *   url: 'https://d111111abcdef8.cloudfront.net/docs/report.pdf',
 *   keyPairId: 'K2JCJMDEHXQW5F',
 *   privateKey,
 *   expiresInSeconds: 300,
 * })
 * ```
 */
export function presignCloudFront(options: PresignCloudFrontOptions): PresignedRequest {
  return signOnce(options, CLOUDFRONT_OPTIONS, prepareSigning)
}

/** The same over WebCrypto, for runtimes without `node:crypto`. */
export async function presignCloudFrontAsync(
  options: PresignCloudFrontOptions,
): Promise<PresignedRequest> {
  return signOnce(options, CLOUDFRONT_OPTIONS, prepareAsyncSigning)
}

/** The parameters as they stand in the URL; `signature` in base64url without padding. */
export function formatParameters(
  policy: PreparedPolicy,
  keyPairId: string,
  signature: string,
): string {
  const what = policy.isCanned
    ? `Expires=${policy.expires}`
    : `Policy=${encodeCloudFrontBase64(utf8(policy.text))}`
  const hash = policy.hashAlgorithm === 'SHA256' ? '&Hash-Algorithm=SHA256' : ''
  return `${what}&Key-Pair-Id=${keyPairId}&Signature=${toCloudFrontAlphabet(signature)}${hash}`
}

function prepareRequest(
  request: CloudFrontRequest,
  clock: Clock | undefined,
): { readonly url: string; readonly policy: PreparedPolicy } {
  const url = encodeCloudFrontUrl(request.url)
  return { url, policy: preparePolicy({ ...request, now: request.now ?? clock }, url) }
}

function toRequest(
  { method = 'GET' }: CloudFrontRequest,
  url: string,
  parameters: string,
  { expires }: PreparedPolicy,
): PresignedRequest {
  return {
    url: appendParameters(url, parameters),
    method: requireMethod(method),
    headers: {},
    expiresAt: new Date(expires * 1000),
  }
}
