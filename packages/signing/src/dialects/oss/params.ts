/**
 * What the signer and the verifier of Alibaba OSS URLs take.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import { sha1 } from '../../lib/sha1.ts'
import type { ClockOptions } from '../../types.ts'

/** A key pair, with the token of a session if it is of one. */
export interface OssCredentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
}

/** Who signs, and for which service. */
export interface OssSignerOptions extends ClockOptions {
  readonly credentials: OssCredentials
  /** `https://oss-cn-hangzhou.aliyuncs.com`; with `isOwnDomain` the domain that is bound to the bucket. */
  readonly endpoint: string
  /** The endpoint stands for the bucket itself, whose name does not go in front of it. */
  readonly isOwnDomain?: boolean
}

/** How to check URLs. */
export interface OssVerifierOptions extends ClockOptions {
  /** The key of this id, or `null`. */
  readonly lookup: (accessKeyId: string) => OssCredentials | null
  /** The bucket a host stands for, or `null`. By default its first label, where the host is one of the service. */
  readonly bucketOf?: (host: string) => string | null
}

/** How to check one URL. */
export type VerifyOssOptions = OssVerifierOptions

/** What a checked URL opens. */
export interface VerifiedOss {
  readonly accessKeyId: string
  readonly method: string
  readonly bucket: string
  /** Decoded once. */
  readonly key: string
  readonly expiresAt: Date
}

/** Parameters that are not part of what they sign. */
export const OSS_NAMES = {
  accessKeyId: 'OSSAccessKeyId',
  expires: 'Expires',
  signature: 'Signature',
  token: 'security-token',
} as const

/** The HMAC key behind a secret; an empty one is `key-invalid`. */
export function prepareOssKey(secret: string): HmacKey {
  if (typeof secret !== 'string' || secret === '') {
    throw new SigningError('key-invalid', 'accessKeySecret must not be empty', {
      parameter: 'accessKeySecret',
      reason: 'expected the secret of the key pair',
    })
  }
  return prepareHmacKey(sha1, secret)
}

const SERVICE_HOST = /^([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\.oss-[a-z0-9.-]{1,100}\.aliyuncs\.com$/

/** The bucket in front of a host of the service, or `null`. */
export function bucketOfServiceHost(host: string): string | null {
  return SERVICE_HOST.exec(host.toLowerCase().replace(/:\d{1,5}$/, ''))?.[1] ?? null
}
