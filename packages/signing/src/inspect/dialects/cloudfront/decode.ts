/**
 * Reads what a CloudFront signature says of itself, in the query or in cookies. Verifies nothing.
 *
 * @module
 */
import { fromBase64 } from '../../../lib/bytes.ts'
import {
  cookiePairs,
  createDetection,
  parseEpochSeconds,
  presentNames,
  resourceText,
  showText,
  valuesByName,
} from '../../facts/detection.ts'
import type { Detection, ObservedRequest, ResourceScope } from '../../facts/dialect-facts.ts'

const NAMES = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm']

/** What the signature of this request says of itself, or `null` if it is not one of CloudFront. */
export function decodeCloudFront(request: ObservedRequest): Detection<'cloudfront'> | null {
  const { url } = request
  const query = valuesByName(url.parameters)
  if (hasSignature(query) || isOfDistribution(request.url.host, query)) {
    return describe(request, query, 'url', presentNames(url, ['Signature', 'Policy']))
  }
  const cookies = new Map<string, string>()
  for (const [name, value] of cookiePairs(request)) {
    if (name.startsWith('CloudFront-')) cookies.set(name.slice(11).toLowerCase(), value)
  }
  if (!hasSignature(cookies)) return null
  const secrets = ['signature', 'policy'].filter((name) => cookies.has(name))
  return describe(
    request,
    cookies,
    'cookie',
    secrets.map((name) => `CloudFront-${name === 'policy' ? 'Policy' : 'Signature'}`),
  )
}

function hasSignature(values: ReadonlyMap<string, string>): boolean {
  const kinds = ['signature', 'policy', 'expires'].filter((name) => values.has(name)).length
  return values.has('key-pair-id') ? kinds > 0 : values.has('policy') && values.has('signature')
}

/** At its own hosts a canned policy is known without the id of its key. */
function isOfDistribution(host: string, values: ReadonlyMap<string, string>): boolean {
  return (
    /^[a-z0-9-]{1,63}\.cloudfront\.net$/i.test(host) &&
    values.has('signature') &&
    values.has('expires')
  )
}

function describe(
  request: ObservedRequest,
  values: ReadonlyMap<string, string>,
  form: 'url' | 'cookie',
  secrets: readonly string[],
): Detection<'cloudfront'> {
  const keyId = values.get('key-pair-id')
  const policyText = values.get('policy')
  const said = { dialect: 'cloudfront', form, secrets } as const
  const key = keyId === undefined ? null : showText(keyId, 80)
  if (policyText === undefined) {
    return createDetection({
      ...said,
      scheme: 'canned policy',
      keyId: key,
      resource: { scope: 'object', text: resourceText(request.url) },
      expiresAt: parseEpochSeconds(values.get('expires')),
    })
  }
  const policy = readCloudFrontPolicy(policyText)
  return createDetection({
    ...said,
    scheme: 'custom policy',
    keyId: key,
    resource: policyResource(policy?.resource ?? null),
    audience: { ip: policy?.ip ?? null, protocol: null, principal: null },
    startsAt: policy?.startsAt ?? null,
    expiresAt: policy?.expiresAt ?? null,
    issues:
      policy === null ? [{ code: 'policy-malformed', what: 'The policy cannot be decoded.' }] : [],
  })
}

function policyResource(resource: string | null): Detection<'cloudfront'>['resource'] {
  if (resource === null) return { scope: 'unknown', text: '' }
  const path = resource.split('?', 1)[0] ?? ''
  const scope: ResourceScope = /[*?]/.test(resource)
    ? /^(\*|https?\*?:\/\/[^/]*\/\*?)$/.test(resource)
      ? 'account'
      : 'prefix'
    : 'object'
  return { scope, text: showText(path.replace(/^[a-z*]{1,8}:\/\//i, '')) }
}

/** What the first statement of a policy holds; every part is `null` if absent. */
export interface ReadPolicy {
  /** How many statements it has: CloudFront takes one. */
  readonly statements: number
  readonly json: string
  readonly resource: string | null
  readonly startsAt: Date | null
  readonly expiresAt: Date | null
  /** The end as written, which may be no sensible number. */
  readonly expiresText: string | null
  readonly ip: string | null
}

/** CloudFront's base64 back to the standard one. */
export function fromCloudFrontBase64(text: string): Uint8Array | null {
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'))
}

/** Reads a policy as it stands in a URL or cookie; `null` if it is not one. */
export function readCloudFrontPolicy(text: string): ReadPolicy | null {
  const bytes = fromCloudFrontBase64(text)
  if (bytes === null || bytes.length > 65_536) return null
  const json = new TextDecoder().decode(bytes)
  const statement = firstStatement(json)
  if (statement === null) return null
  const condition = record(statement['Condition'])
  const end = record(condition['DateLessThan'])['AWS:EpochTime']
  const start = record(condition['DateGreaterThan'])['AWS:EpochTime']
  const ip = record(condition['IpAddress'])['AWS:SourceIp']
  const resource = statement['Resource']
  return {
    json,
    statements: statementsOf(json),
    resource: typeof resource === 'string' ? resource : null,
    startsAt: parseEpochSeconds(scalarText(start)),
    expiresAt: parseEpochSeconds(scalarText(end)),
    expiresText: scalarText(end),
    ip: typeof ip === 'string' ? showText(ip, 60) : null,
  }
}

function statementsOf(json: string): number {
  const statement = record(JSON.parse(json))['Statement']
  return Array.isArray(statement) ? statement.length : 1
}

function firstStatement(json: string): Record<string, unknown> | null {
  try {
    const statement = record(JSON.parse(json))['Statement']
    const first: unknown = Array.isArray(statement) ? statement[0] : statement
    return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function scalarText(value: unknown): string | null {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : null
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The reserved names of the dialect, lower case: they are not part of the signed resource. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(NAMES.map((name) => name.toLowerCase()))
