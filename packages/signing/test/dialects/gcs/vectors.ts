/** The vectors of Google Cloud Storage, and the options that ask this library for the same. */
import type { GcsAddress, GcsKey, GcsVerificationKey, PresignGcsOptions } from '../../../src/gcs.ts'
import { keys, pemOf, readVectors } from '../cloud-support.ts'

export interface OfficialUrlVector {
  readonly description: string
  readonly bucket: string
  readonly object?: string
  readonly method: string
  readonly expiration: number
  readonly timestamp: string
  readonly scheme?: string
  readonly urlStyle?: string
  readonly bucketBoundHostname?: string
  readonly hostname?: string
  readonly clientEndpoint?: string
  readonly emulatorHostname?: string
  readonly universeDomain?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly queryParameters?: Readonly<Record<string, string>>
  readonly expectedUrl: string
  readonly expectedStringToSign: string
}

export interface OfficialPostVector {
  readonly description: string
  readonly policyInput: {
    readonly scheme: string
    readonly urlStyle?: string
    readonly bucketBoundHostname?: string
    readonly bucket: string
    readonly object: string
    readonly expiration: number
    readonly timestamp: string
    readonly fields?: Readonly<Record<string, string>>
    readonly conditions?: {
      readonly startsWith?: readonly [`$${string}`, string]
      readonly contentLengthRange?: readonly [number, number]
    }
  }
  readonly policyOutput: {
    readonly url: string
    readonly fields: Readonly<Record<string, string>>
    readonly expectedDecodedPolicy: string
  }
}

interface Official {
  readonly signingV4Tests: readonly OfficialUrlVector[]
  readonly postPolicyV4Tests: readonly OfficialPostVector[]
}

export interface SdkVector {
  readonly id: string
  readonly kind: 'rsa' | 'hmac' | 'interop' | 'post'
  readonly inputs: {
    readonly clock: string
    readonly bucket: string
    readonly object?: string
    readonly config?: {
      readonly expires: string
      readonly fields?: Readonly<Record<string, string>>
      readonly conditions?: readonly (readonly [string, ...unknown[]])[]
      readonly virtualHostedStyle?: boolean
      readonly bucketBoundHostname?: string
    }
  }
  readonly sign: {
    readonly method: string
    readonly scheme: string
    readonly host: string
    readonly path: string
    readonly query: readonly (readonly [string, string])[]
    readonly signedHeaders: Readonly<Record<string, string>>
    readonly location: string
    readonly date: string
    readonly expires: number
  }
  readonly expected: {
    readonly url: string
    readonly signature: string
    readonly stringToSign: string
    readonly signBlob?: { readonly payload: string; readonly signedBlob: string }
    readonly fields: Readonly<Record<string, string>>
    readonly policyJson: string
  }
}

export const official: Official = readVectors('official/gcs/v4_signatures.json') as Official
export const officialKey: GcsKey = readVectors(
  'official/gcs/test_service_account.not-a-test.json',
) as GcsKey
export const sdkVectors: readonly SdkVector[] = (
  readVectors('sdk/gcs-v4.json') as { vectors: SdkVector[] }
).vectors

const rsa = keys.gcs['gcs-rsa'] ?? {}
const hmac = keys.gcs['gcs-hmac'] ?? {}
export const RSA_KEY: GcsKey = {
  clientEmail: rsa['clientEmail'] ?? '',
  privateKey: pemOf('hallpass-test-rsa-1').private,
}
export const HMAC_KEY: GcsKey = { accessId: hmac['accessId'] ?? '', secret: hmac['secret'] ?? '' }

export function lookup(keyId: string): GcsVerificationKey | null {
  if (keyId === rsa['clientEmail']) return { publicKey: pemOf('hallpass-test-rsa-1').public }
  return keyId === hmac['accessId'] ? { secret: hmac['secret'] ?? '' } : null
}

/** Where the official vector's host choices lead. */
export function officialAddress(
  vector: Pick<
    OfficialUrlVector,
    | 'bucket'
    | 'scheme'
    | 'urlStyle'
    | 'bucketBoundHostname'
    | 'hostname'
    | 'clientEndpoint'
    | 'emulatorHostname'
    | 'universeDomain'
  >,
): GcsAddress {
  const { bucket, scheme = 'https', urlStyle } = vector
  if (urlStyle === 'BUCKET_BOUND_HOSTNAME') {
    return { bucket, bucketBoundOrigin: `${scheme}://${vector.bucketBoundHostname ?? ''}` }
  }
  const host =
    vector.hostname ??
    vector.clientEndpoint ??
    vector.emulatorHostname ??
    (vector.universeDomain === undefined ? undefined : `storage.${vector.universeDomain}`)
  const endpoint = host === undefined || host.includes('://') ? host : `${scheme}://${host}`
  return {
    bucket,
    virtualHosted: urlStyle === 'VIRTUAL_HOSTED_STYLE',
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}

/** The options behind one of our own vectors, from its wire form. */
export function sdkOptions({ kind, inputs, sign }: SdkVector): PresignGcsOptions {
  const { host, scheme, path } = sign
  const { bucket } = inputs
  const isInPath = path === `/${bucket}` || path.startsWith(`/${bucket}/`)
  const isVirtual = !isInPath && host.startsWith(`${bucket}.`)
  const origin = `${scheme}://${isVirtual ? host.slice(bucket.length + 1) : host}`
  const { host: _, ...headers } = sign.signedHeaders
  return {
    key: kind === 'rsa' ? RSA_KEY : HMAC_KEY,
    method: sign.method,
    bucket,
    object: inputs.object,
    ...(isInPath || isVirtual
      ? { endpoint: origin, virtualHosted: isVirtual }
      : { bucketBoundOrigin: origin }),
    expiresInSeconds: sign.expires,
    now: parseDate(sign.date),
    query: sign.query,
    headers,
    location: sign.location,
  }
}

export function parseDate(text: string): Date {
  return new Date(text.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
}
