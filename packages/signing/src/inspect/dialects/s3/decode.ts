/**
 * Reads what an S3 signature says of itself, in all its forms: query, header and POST form of
 * version 4 and 4A, and the query and header of version 2. Verifies nothing.
 *
 * @module
 */
import { otherAmazonService } from '../../rules/v4-rules.ts'
import {
  createDetection,
  resourceText,
  headerValue,
  parseEpochSeconds,
  presentNames,
  showText,
  valuesByName,
} from '../../facts/detection.ts'
import { hostHeader } from '../../facts/observed-url.ts'
import type { Detection, DetectionIssue, ObservedRequest } from '../../facts/dialect-facts.ts'
import { fromBase64 } from '../../../lib/bytes.ts'
import { observeForm } from '../../facts/observed-form.ts'
import type { ObservedUrl } from '../../facts/observed-url.ts'
import { parseBasicTimestamp } from '../../../lib/timestamp.ts'
import { methodsOfS3Query, resourceOfS3Url } from './observed-operation.ts'

const SECRET_NAMES = ['X-Amz-Signature', 'X-Amz-Security-Token', 'Signature']
const MAX_EXPIRES = 604_800

/** What the S3 signature of this request says of itself, or `null`. */
export function decodeS3(request: ObservedRequest): Detection<'s3'> | null {
  return decodeQuery(request) ?? decodeHeader(request) ?? decodeForm(request)
}

function decodeQuery({ url }: ObservedRequest): Detection<'s3'> | null {
  const values = valuesByName(url.parameters)
  const hasV4 =
    values.has('x-amz-signature') ||
    (values.has('x-amz-credential') && values.has('x-amz-date')) ||
    values.get('x-amz-algorithm')?.startsWith('AWS4-') === true
  if (hasV4) return decodeV4Query(url, values)
  return values.has('awsaccesskeyid') ? decodeV2Query(url, values) : null
}

function decodeV4Query(url: ObservedUrl, values: ReadonlyMap<string, string>): Detection<'s3'> {
  const startsAt = parseBasicTimestamp(values.get('x-amz-date') ?? '')
  const seconds = /^\d{1,9}$/.test(values.get('x-amz-expires') ?? '')
    ? Number(values.get('x-amz-expires'))
    : null
  const methods = methodsOfS3Query(values)
  const version = values.get('x-amz-algorithm')?.includes('ECDSA') === true ? 'SigV4A' : 'SigV4'
  const other = otherAmazonService(values.get('x-amz-credential') ?? '', url.host)
  const signedHeaders = splitNames(values.get('x-amz-signedheaders'))
  return createDetection({
    dialect: 's3',
    scheme: other === null ? version : `${version} for ${other}`,
    methods: other === null ? methods : [],
    resource: other === null ? resourceOfS3Url(url) : { scope: 'unknown', text: resourceText(url) },
    audience: { ip: ipBound(values), protocol: null, principal: null },
    startsAt,
    expiresAt:
      startsAt === null || seconds === null ? null : new Date(startsAt.getTime() + seconds * 1000),
    keyId: credentialKey(values.get('x-amz-credential')),
    signedHeaders,
    secrets: presentNames(url, SECRET_NAMES),
    issues: other === null ? v4Issues(methods, signedHeaders, seconds) : [],
  })
}

function ipBound(values: ReadonlyMap<string, string>): string | null {
  const text = values.get('x-hallpass-ip')
  return text === undefined ? null : showText(text)
}

function v4Issues(
  methods: readonly string[],
  signedHeaders: readonly string[],
  seconds: number | null,
): DetectionIssue[] {
  const issues: DetectionIssue[] = []
  if (seconds !== null && seconds > MAX_EXPIRES) {
    issues.push({ code: 'expiry-too-long', what: `The life is ${seconds} s, seven days at most.` })
  }
  if (methods.includes('PUT') && !signedHeaders.includes('content-type')) {
    issues.push({ code: 'content-type-unbound', what: 'An upload of any content type is taken.' })
  }
  if (methods.includes('PUT') && !signedHeaders.includes('content-length')) {
    issues.push({ code: 'size-unbound', what: 'An upload of any size is taken.' })
  }
  return issues
}

function decodeV2Query(url: ObservedUrl, values: ReadonlyMap<string, string>): Detection<'s3'> {
  return createDetection({
    dialect: 's3',
    scheme: 'SigV2',
    methods: methodsOfS3Query(values),
    resource: resourceOfS3Url(url),
    expiresAt: parseEpochSeconds(values.get('expires')),
    keyId: showText(values.get('awsaccesskeyid') ?? ''),
    secrets: presentNames(url, SECRET_NAMES),
    issues: [{ code: 'sigv2-refused', what: 'Signature version 2 is refused by newer regions.' }],
  })
}

const AUTHORIZATION = /^\s*(AWS4-[A-Za-z0-9-]{1,40})\s/i
const AUTHORIZATION_V2 = /^\s*AWS ([^:\s]{1,200}):/

function decodeHeader(request: ObservedRequest): Detection<'s3'> | null {
  const authorization = headerValue(request, 'authorization') ?? ''
  const version2 = AUTHORIZATION_V2.exec(authorization)
  const algorithm = AUTHORIZATION.exec(authorization)?.[1]
  if (algorithm === undefined && version2 === null) return null
  const credential = /Credential=([^,\s]{1,500})/.exec(authorization)?.[1]
  const other = otherAmazonService(credential ?? '', request.url.host)
  const names = /SignedHeaders=([^,\s]{1,4000})/.exec(authorization)?.[1]
  return createDetection({
    dialect: 's3',
    scheme: headerScheme(algorithm, other),
    form: 'header',
    methods: request.method === null ? [] : [request.method],
    resource:
      other === null
        ? resourceOfS3Url(request.url)
        : { scope: 'unknown', text: resourceText(request.url) },
    startsAt: parseBasicTimestamp(headerValue(request, 'x-amz-date') ?? ''),
    keyId: version2?.[1] ?? credentialKey(credential),
    signedHeaders: splitNames(names),
    secrets: ['Authorization'],
  })
}

function headerScheme(algorithm: string | undefined, other: string | null): string {
  if (algorithm === undefined) return 'SigV2'
  const version = algorithm.includes('ECDSA') ? 'SigV4A' : 'SigV4'
  return other === null ? version : `${version} for ${other}`
}

function decodeForm(request: ObservedRequest): Detection<'s3'> | null {
  const fields = observeForm(request)
  if (fields === null) return null
  const values = valuesByName(fields)
  const isForm = values.has('x-amz-signature') || values.has('x-amz-credential')
  if (!isForm && !(values.has('awsaccesskeyid') && values.has('policy'))) return null
  const policy = fromBase64(values.get('policy') ?? '')
  return createDetection({
    dialect: 's3',
    scheme: isForm ? 'POST policy' : 'SigV2 POST policy',
    form: 'form',
    methods: ['POST'],
    resource: {
      scope: 'object',
      text: showText(`${hostHeader(request.url)}/${values.get('key') ?? ''}`),
    },
    startsAt: parseBasicTimestamp(values.get('x-amz-date') ?? ''),
    expiresAt: policy === null ? null : policyExpiration(new TextDecoder().decode(policy)),
    keyId: credentialKey(values.get('x-amz-credential') ?? values.get('awsaccesskeyid')),
    secrets: ['x-amz-signature', 'x-amz-security-token', 'policy', 'signature'].filter((name) =>
      values.has(name),
    ),
  })
}

/** The `expiration` of a policy document, wherever it stands in it. */
function policyExpiration(json: string): Date | null {
  const text = /"expiration"\s{0,20}:\s{0,20}"([^"]{10,40})"/.exec(json.slice(0, 65_536))?.[1]
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? null : date
}

function credentialKey(credential: string | undefined): string | null {
  if (credential === undefined) return null
  // Ids hold no slash: what holds one is a secret in the place of an id, and is not shown.
  if (credential.split('/').length > 5) return null
  const slash = credential.indexOf('/')
  return showText(slash === -1 ? credential : credential.slice(0, slash), 120)
}

function splitNames(text: string | undefined): string[] {
  if (text === undefined || text === '') return []
  return text.toLowerCase().split(';').slice(0, 200)
}
