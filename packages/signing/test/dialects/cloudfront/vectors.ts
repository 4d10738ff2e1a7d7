/** The CloudFront vectors, and the options that ask this library for the same. */
import type { CloudFrontCookieOptions, CloudFrontHashAlgorithm } from '../../../src/cloudfront.ts'
import { parseCloudFrontPolicy } from '../../../src/dialects/cloudfront/policy.ts'
import type { RawRequest } from '../../../src/types.ts'
import { pemOf, readVectors, requestOf } from '../cloud-support.ts'

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

/** The `Cookie` header of signed cookies. */
export function cookieHeader(cookies: Readonly<Record<string, string>> = {}): string {
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}

/** The request a vector's URL, or its `Cookie` header, becomes; `text` stands in for either. */
export function requestOfVector(vector: CloudFrontVector, text?: string): RawRequest {
  const { url, cookies } = vector.expected
  const { policy } = vector.sign
  if (url !== undefined) return requestOf(text ?? url, { clientIp: '203.0.113.7' })
  const clientIp = policy.includes('198.51.100.0') ? '198.51.100.9' : '203.0.113.7'
  const path = policy.includes('cdn.example.test')
    ? 'https://cdn.example.test/members/a.jpg'
    : 'https://d111111abcdef8.cloudfront.net/docs/report.pdf'
  return requestOf(path, { clientIp, extraHeaders: ['Cookie', text ?? cookieHeader(cookies)] })
}
