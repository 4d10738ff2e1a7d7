/** The CloudFront vectors, and what to ask the library to get the same: all of it read from the vector's own policy. */
import type { CloudFrontCookieOptions, CloudFrontHashAlgorithm } from '@hallpass/signing/cloudfront'
import type { RawRequest } from '@hallpass/signing'
import { isRecord } from './family.ts'
import { atSeconds } from './moments.ts'
import { toRequest } from './requests.ts'
import type { VectorKeys } from './vector-keys.ts'

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

interface Policy {
  readonly resource: string
  readonly expires: number
  readonly starts: number | null
  readonly ip: string | null
}

export function policyOf({ sign }: CloudFrontVector): Policy {
  const policy: unknown = JSON.parse(sign.policy)
  const statements: unknown = isRecord(policy) ? policy['Statement'] : null
  const statement: unknown = Array.isArray(statements) ? statements[0] : null
  const { Condition: condition, Resource: resource } = isRecord(statement) ? statement : {}
  const value = (name: string, unit: string): unknown => {
    const entry = isRecord(condition) ? condition[name] : undefined
    return isRecord(entry) ? entry[unit] : undefined
  }
  const starts = value('DateGreaterThan', 'AWS:EpochTime')
  const ip = value('IpAddress', 'AWS:SourceIp')
  return {
    resource: typeof resource === 'string' ? resource : '*',
    expires: Number(value('DateLessThan', 'AWS:EpochTime')),
    starts: typeof starts === 'number' ? starts : null,
    ip: typeof ip === 'string' ? ip : null,
  }
}

/** The last second of the vector's life. */
export function momentOf(vector: CloudFrontVector): Date {
  return atSeconds(policyOf(vector).expires - 1)
}

export function optionsOf(vector: CloudFrontVector, keys: VectorKeys): CloudFrontCookieOptions {
  const { sign, inputs } = vector
  const signer = {
    keyPairId: sign.keyPairId,
    privateKey: keys.pem(sign.keyName).private,
    hashAlgorithm: sign.hash,
  }
  const { resource, expires, starts, ip } = policyOf(vector)
  const { url, policy } = inputs.args
  if (policy !== undefined) {
    return { ...signer, ...(url === undefined ? {} : { url }), policy }
  }
  return {
    ...signer,
    // The policy names the URL in its encoded form, from which the encoder must change nothing.
    url: resource,
    expiresAt: atSeconds(expires),
    ...(starts === null ? {} : { startsAt: atSeconds(starts) }),
    ...(ip === null ? {} : { ip }),
  }
}

/** The signed URL, or the `Cookie` header of the signed cookies. */
export function signedTextOf({ kind, expected }: CloudFrontVector): string {
  if (kind === 'url') return expected.url ?? ''
  return Object.entries(expected.cookies ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}

/** The request a vector's URL, or its `Cookie` header, becomes, from an address its policy allows; `text` stands in for either. */
export function requestOfVector(
  vector: CloudFrontVector,
  text: string = signedTextOf(vector),
): RawRequest {
  const { resource, ip } = policyOf(vector)
  const clientIp = ip?.split('/')[0] ?? '192.0.2.1'
  if (vector.kind === 'url') return toRequest(text, { clientIp })
  return toRequest(urlInside(resource), { clientIp, headers: ['Cookie', text] })
}

/** True if the policy's resource covers the URL of the vector: SDKs sign without asking. */
export function isCovered(vector: CloudFrontVector): boolean {
  const { url } = vector.inputs.args
  if (vector.kind === 'cookie' || vector.inputs.args.policy === undefined) return true
  const { resource } = policyOf(vector)
  const pattern = resource
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`, 's').test(url ?? '')
}

/** A URL that the resource covers: its wildcards filled in. */
function urlInside(resource: string): string {
  const [, scheme = 'https', host = 'any.example.test', path = '/x'] =
    /^([^:]*):\/\/([^/]*)(.*)$/s.exec(resource) ?? []
  const filled = host.replaceAll('*', 'x').replaceAll('?', 'y')
  return `${scheme === 'http' ? 'http' : 'https'}://${filled}${path.replaceAll('*', 'x')}`
}
