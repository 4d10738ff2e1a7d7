/** The CloudFront vectors, and the options that ask this library for the same. */
import type { CloudFrontCookieOptions, CloudFrontHashAlgorithm } from '../../../src/cloudfront.ts'
import { parseCloudFrontPolicy } from '../../../src/dialects/cloudfront/policy.ts'
import { pemOf, readVectors } from '../cloud-support.ts'

export interface CloudFrontVector {
  readonly id: string
  readonly kind: 'url' | 'cookie'
  readonly repeatable: boolean
  readonly inputs: { readonly args: { readonly policy?: string; readonly url?: string } }
  readonly sign: {
    readonly keyName: string
    readonly keyPairId: string
    readonly hash: CloudFrontHashAlgorithm
    readonly policy: string
  }
  readonly expected: {
    readonly url?: string
    readonly cookies?: Readonly<Record<string, string>>
  }
}

export const cloudFrontVectors: readonly CloudFrontVector[] = (
  readVectors('sdk/cloudfront.json') as { vectors: CloudFrontVector[] }
).vectors

/** The one second inside every vector's life. */
export const VECTOR_NOW: Date = new Date('2026-03-14T09:30:00Z')

export function optionsOf(vector: CloudFrontVector): CloudFrontCookieOptions {
  const { sign, inputs } = vector
  const signer = {
    keyPairId: sign.keyPairId,
    privateKey: pemOf(sign.keyName).private,
    hashAlgorithm: sign.hash,
  }
  const { resource, expires, starts, ip } = parseCloudFrontPolicy(sign.policy)
  const { url } = inputs.args
  if (inputs.args.policy !== undefined) {
    return { ...signer, ...(url === undefined ? {} : { url }), policy: inputs.args.policy }
  }
  return {
    ...signer,
    // The policy names the URL in its encoded form, from which the encoder must change nothing.
    url: resource ?? '',
    expiresAt: new Date(expires * 1000),
    ...(starts === null ? {} : { startsAt: new Date(starts * 1000) }),
    ...(ip === null ? {} : { ip }),
  }
}
