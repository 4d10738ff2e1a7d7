/**
 * One signature for many files: a policy with wildcards is signed once, and every URL under it is made by adding the
 * same parameters.
 *
 * @module
 */

import { toBase64Url, utf8 } from '../../lib/bytes.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PrefixSigner, PresignedRequest } from '../../types.ts'
import { signBytesAsync, signTextBase64Url } from '../../lib/public-key.ts'
import { HASHES } from './params.ts'
import { coversUrl, parseCloudFrontPolicy } from './policy.ts'
import { preparePolicy } from './prepare-policy.ts'
import type { CloudFrontPolicyOptions, PreparedPolicy } from './prepare-policy.ts'
import { formatParameters } from './presign.ts'
import { appendParameters, createUrlEncoder } from './signed-url.ts'
import { prepareSignerKey } from './signer-key.ts'
import type { CloudFrontSignerKey } from './signer-key.ts'

/** What {@link createCloudFrontPrefix} needs: `resource` with a wildcard (`https://host/folder/*`), or `policy`. */
export type CloudFrontPrefixOptions = CloudFrontSignerKey & CloudFrontPolicyOptions

/** A signed policy that hands out URLs. It never signs again. */
export type CloudFrontPrefix = PrefixSigner

/**
 * A wildcard policy. The private-key operation happens here, once.
 *
 * Whoever holds one of its URLs can open everything the resource covers: choose the narrowest folder.
 *
 * @example
 * ```ts
 * const prefix = createCloudFrontPrefix({
 *   resource: 'https://d111111abcdef8.cloudfront.net/albums/7/*',
 *   keyPairId: 'K2JCJMDEHXQW5F',
 *   privateKey,
 *   expiresInSeconds: 300,
 * })
 * const urls = prefix.signAll(files)
 * ```
 */
export function createCloudFrontPrefix(options: CloudFrontPrefixOptions): CloudFrontPrefix {
  const policy = preparePolicy(options, null)
  const { privateKey } = prepareSignerKey(options)
  const signature = signTextBase64Url(privateKey, HASHES[policy.hashAlgorithm], policy.text)
  return toPrefix(options.keyPairId, policy, signature)
}

/** The same over WebCrypto. */
export async function createCloudFrontPrefixAsync(
  options: CloudFrontPrefixOptions,
): Promise<CloudFrontPrefix> {
  const policy = preparePolicy(options, null)
  const { privateKey } = prepareSignerKey(options)
  const hash = HASHES[policy.hashAlgorithm]
  const signature = toBase64Url(await signBytesAsync(privateKey, hash, utf8(policy.text)))
  return toPrefix(options.keyPairId, policy, signature)
}

function toPrefix(keyPairId: string, policy: PreparedPolicy, signature: string): CloudFrontPrefix {
  const parameters = formatParameters(policy, keyPairId, signature)
  const { resource } = parseCloudFrontPolicy(policy.text)
  const expiresAt = new Date(policy.expires * 1000)
  const encodeUrl = createUrlEncoder()
  function sign(url: string): PresignedRequest {
    const encoded = encodeUrl(url)
    if (!coversUrl(resource, encoded)) throw new RangeError('url must be covered by the resource')
    return { url: appendParameters(encoded, parameters), method: 'GET', headers: {}, expiresAt }
  }
  return { expiresAt, ...createSigner(sign) }
}
