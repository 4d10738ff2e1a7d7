/** The vectors of Google Cloud Storage, and the options that ask this library for the same. */
import { createPublicKey } from 'node:crypto'
import type {
  GcsAddress,
  GcsKey,
  GcsPostCondition,
  GcsPostPolicyOptions,
  GcsVerificationKey,
  PresignGcsOptions,
} from '../../../src/gcs.ts'
import type { RawRequest } from '../../../src/types.ts'
import { keys, pemOf, readVectors, requestOf } from '../cloud-support.ts'

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

/** The request a vector's URL becomes. */
export function requestOfVector({ sign, expected }: SdkVector): RawRequest {
  const { host: _, ...headers } = sign.signedHeaders
  return requestOf(expected.url, {
    method: sign.method,
    extraHeaders: Object.entries(headers).flat(),
  })
}

/** True for two spellings of one target: an escape in either case, parameters in another order. */
export function isSameRequest(a: string, b: string): boolean {
  try {
    const pieces = (text: string): string =>
      JSON.stringify(
        text.split('?').map((part) =>
          part
            .split('&')
            .filter((piece) => piece !== '')
            .map((piece) => decodeURIComponent(piece.replaceAll('+', '%20')))
            .toSorted(),
        ),
      )
    return pieces(a) === pieces(b)
  } catch {
    return false
  }
}

/** The form options of an official vector. */
export function officialPostOptions({ policyInput }: OfficialPostVector): GcsPostPolicyOptions {
  const { startsWith, contentLengthRange } = policyInput.conditions ?? {}
  const conditions: GcsPostCondition[] = []
  if (startsWith !== undefined) conditions.push(['starts-with', ...startsWith])
  if (contentLengthRange !== undefined) {
    conditions.push(['content-length-range', ...contentLengthRange])
  }
  return {
    key: officialKey,
    ...officialAddress(policyInput),
    object: policyInput.object,
    expiresInSeconds: policyInput.expiration,
    now: new Date(policyInput.timestamp),
    conditions,
    ...(policyInput.fields === undefined ? {} : { fields: policyInput.fields }),
  }
}

/** The URL options of an official vector. */
export function officialUrlOptions(vector: OfficialUrlVector): PresignGcsOptions {
  return {
    key: officialKey,
    ...officialAddress(vector),
    method: vector.method,
    object: vector.object,
    expiresInSeconds: vector.expiration,
    now: new Date(vector.timestamp),
    headers: vector.headers,
    query: vector.queryParameters,
  }
}

/** The form options of one of our own vectors. */
export function sdkPostOptions({ inputs }: SdkVector): GcsPostPolicyOptions {
  const { config } = inputs
  const bound = config?.bucketBoundHostname
  const address =
    bound === undefined
      ? { virtualHosted: config?.virtualHostedStyle ?? false }
      : { bucketBoundOrigin: bound.includes('://') ? bound.replace(/\/$/, '') : `https://${bound}` }
  return {
    key: RSA_KEY,
    bucket: inputs.bucket,
    ...address,
    object: inputs.object ?? '',
    expiresInSeconds: (Date.parse(config?.expires ?? '') - Date.parse(inputs.clock)) / 1000,
    now: new Date(inputs.clock),
    fields: config?.fields ?? {},
    conditions: (config?.conditions ?? []) as unknown as GcsPostCondition[],
  }
}

/** The public half of the official vectors' key. */
export const officialPublicKey: string = String(
  createPublicKey('private_key' in officialKey ? officialKey.private_key : '').export({
    format: 'pem',
    type: 'spki',
  }),
)

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
