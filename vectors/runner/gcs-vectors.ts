/** The vectors of Google Cloud Storage, and the options that ask this library for the same. */
import type { RawRequest } from '@hallpass/signing'
import type {
  GcsAddress,
  GcsKey,
  GcsPostCondition,
  GcsPostPolicyOptions,
  GcsVerificationKey,
  PresignGcsOptions,
} from '@hallpass/signing/gcs'
import { parseBasicDate } from './moments.ts'
import { toRequest } from './requests.ts'
import type { VectorKeys } from './vector-keys.ts'

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
    readonly clientEmail: string
    readonly keyName: string
    readonly accessId: string
    readonly secret: string
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

/** What signs the vector: the service account it names, whose key is one of the folder's, or the HMAC key that stands in it. */
function signerOf({ sign, kind }: SdkVector, keys: VectorKeys): GcsKey {
  return kind === 'hmac'
    ? { accessId: sign.accessId, secret: sign.secret }
    : { clientEmail: sign.clientEmail, privateKey: keys.pem(sign.keyName).private }
}

/** Knows the key behind the vector, and no other. */
export function lookupOf(
  { sign, kind }: SdkVector,
  keys: VectorKeys,
): (keyId: string) => GcsVerificationKey | null {
  return (keyId) => {
    if (kind === 'hmac') return keyId === sign.accessId ? { secret: sign.secret } : null
    return keyId === sign.clientEmail ? { publicKey: keys.pem(sign.keyName).public } : null
  }
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
    addressing: addressingOf(urlStyle === 'VIRTUAL_HOSTED_STYLE'),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}

/** The request a vector's URL becomes. */
export function requestOfVector({ sign, expected }: SdkVector): RawRequest {
  const { host: _, ...headers } = sign.signedHeaders
  return toRequest(expected.url, {
    method: sign.method,
    headers: Object.entries(headers).flat(),
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
export function officialPostOptions(
  { policyInput }: OfficialPostVector,
  keys: VectorKeys,
): GcsPostPolicyOptions {
  const { startsWith, contentLengthRange } = policyInput.conditions ?? {}
  const conditions: GcsPostCondition[] = []
  if (startsWith !== undefined) conditions.push(['starts-with', ...startsWith])
  if (contentLengthRange !== undefined) {
    conditions.push(['content-length-range', ...contentLengthRange])
  }
  return {
    key: keys.serviceAccount(),
    ...officialAddress(policyInput),
    object: policyInput.object,
    expiresInSeconds: policyInput.expiration,
    now: new Date(policyInput.timestamp),
    conditions,
    ...(policyInput.fields === undefined ? {} : { fields: policyInput.fields }),
  }
}

/** The URL options of an official vector. */
export function officialUrlOptions(vector: OfficialUrlVector, keys: VectorKeys): PresignGcsOptions {
  return {
    key: keys.serviceAccount(),
    ...officialAddress(vector),
    method: vector.method,
    object: vector.object ?? null,
    expiresInSeconds: vector.expiration,
    now: new Date(vector.timestamp),
    headers: vector.headers,
    query: vector.queryParameters,
  }
}

function addressingOf(isVirtual: boolean): 'path' | 'virtual' {
  return isVirtual ? 'virtual' : 'path'
}

/** The form options behind what the SDK made. */
export function sdkPostOptions(vector: SdkVector, keys: VectorKeys): GcsPostPolicyOptions {
  const { inputs } = vector
  const { config } = inputs
  const bound = config?.bucketBoundHostname
  const address =
    bound === undefined
      ? { addressing: addressingOf(config?.virtualHostedStyle === true) }
      : { bucketBoundOrigin: bound.includes('://') ? bound.replace(/\/$/, '') : `https://${bound}` }
  return {
    key: signerOf(vector, keys),
    bucket: inputs.bucket,
    ...address,
    object: inputs.object ?? '',
    expiresInSeconds: (Date.parse(config?.expires ?? '') - Date.parse(inputs.clock)) / 1000,
    now: new Date(inputs.clock),
    fields: config?.fields ?? {},
    conditions: (config?.conditions ?? []) as unknown as GcsPostCondition[],
  }
}

/** The options behind what the SDK made, from its wire form. */
export function sdkOptions(vector: SdkVector, keys: VectorKeys): PresignGcsOptions {
  const { inputs, sign } = vector
  const { host, scheme, path } = sign
  const { bucket } = inputs
  const isInPath = path === `/${bucket}` || path.startsWith(`/${bucket}/`)
  const isVirtual = !isInPath && host.startsWith(`${bucket}.`)
  const origin = `${scheme}://${isVirtual ? host.slice(bucket.length + 1) : host}`
  const { host: _, ...headers } = sign.signedHeaders
  return {
    key: signerOf(vector, keys),
    method: sign.method,
    bucket,
    object: inputs.object ?? null,
    ...(isInPath || isVirtual
      ? { endpoint: origin, addressing: addressingOf(isVirtual) }
      : { bucketBoundOrigin: origin }),
    expiresInSeconds: sign.expires,
    now: parseBasicDate(sign.date),
    query: sign.query,
    headers,
    location: sign.location,
  }
}
