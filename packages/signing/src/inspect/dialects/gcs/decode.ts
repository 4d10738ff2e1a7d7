/**
 * Reads what a Google Cloud Storage signature says of itself: V4 and V2 URLs, V4 headers and POST forms.
 * Verifies nothing.
 *
 * @module
 */
import { fromBase64 } from '../../../lib/bytes.ts'
import {
  createDetection,
  headerValue,
  parseEpochSeconds,
  presentNames,
  showText,
  valuesByName,
} from '../../facts/detection.ts'
import { hostHeader } from '../../facts/observed-url.ts'
import type { Detection, DetectionIssue, ObservedRequest } from '../../facts/dialect-facts.ts'
import { observeForm } from '../../facts/observed-form.ts'
import type { ObservedUrl } from '../../facts/observed-url.ts'
import { parseBasicTimestamp } from '../../../lib/timestamp.ts'

const MAX_EXPIRES = 604_800
const SECRET_NAMES = ['X-Goog-Signature', 'X-Goog-Security-Token', 'Signature']

/** What the signature of this request says of itself, or `null` if it is not one of Cloud Storage. */
export function decodeGcs(request: ObservedRequest): Detection<'gcs'> | null {
  const values = valuesByName(request.url.parameters)
  if (
    values.has('x-goog-signature') ||
    (values.has('x-goog-credential') && values.has('x-goog-date')) ||
    (values.has('x-goog-algorithm') && values.has('x-goog-expires'))
  ) {
    return decodeV4(request.url, values)
  }
  if (values.has('googleaccessid')) {
    return decodeV2(request.url, values)
  }
  return decodeHeader(request) ?? decodeForm(request)
}

function decodeV4(url: ObservedUrl, values: ReadonlyMap<string, string>): Detection<'gcs'> {
  const startsAt = parseBasicTimestamp(values.get('x-goog-date') ?? '')
  const expires = values.get('x-goog-expires') ?? ''
  const seconds = /^\d{1,9}$/.test(expires) ? Number(expires) : null
  const signedHeaders = (values.get('x-goog-signedheaders') ?? '').toLowerCase().split(';')
  const issues: DetectionIssue[] = []
  if (seconds !== null && seconds > MAX_EXPIRES) {
    issues.push({ code: 'expiry-too-long', what: `The life is ${seconds} s, seven days at most.` })
  }
  return createDetection({
    dialect: 'gcs',
    scheme: values.get('x-goog-algorithm')?.includes('HMAC') === true ? 'V4 HMAC' : 'V4 RSA',
    methods: signedHeaders.includes('x-goog-resumable') ? ['POST'] : [],
    resource: resourceOf(url),
    startsAt,
    expiresAt:
      startsAt === null || seconds === null ? null : new Date(startsAt.getTime() + seconds * 1000),
    keyId: credentialKey(values.get('x-goog-credential')),
    signedHeaders: signedHeaders.filter((name) => name !== '').slice(0, 200),
    secrets: presentNames(url, SECRET_NAMES),
    issues,
  })
}

function decodeV2(url: ObservedUrl, values: ReadonlyMap<string, string>): Detection<'gcs'> {
  return createDetection({
    dialect: 'gcs',
    scheme: 'V2',
    resource: resourceOf(url),
    expiresAt: parseEpochSeconds(values.get('expires')),
    keyId: showText(values.get('googleaccessid') ?? '', 200),
    secrets: presentNames(url, SECRET_NAMES),
    issues: [{ code: 'sigv2-refused', what: 'V2 URLs are the legacy form; sign with V4.' }],
  })
}

function decodeHeader(request: ObservedRequest): Detection<'gcs'> | null {
  const authorization = headerValue(request, 'authorization') ?? ''
  if (!/^\s*GOOG4-(RSA|HMAC)-SHA256\s/.test(authorization)) return null
  return createDetection({
    dialect: 'gcs',
    scheme: authorization.includes('HMAC') ? 'V4 HMAC' : 'V4 RSA',
    form: 'header',
    methods: request.method === null ? [] : [request.method],
    resource: resourceOf(request.url),
    startsAt: parseBasicTimestamp(headerValue(request, 'x-goog-date') ?? ''),
    keyId: credentialKey(/Credential=([^,\s]{1,500})/.exec(authorization)?.[1]),
    secrets: ['Authorization'],
  })
}

function decodeForm(request: ObservedRequest): Detection<'gcs'> | null {
  const fields = observeForm(request)
  if (fields === null) return null
  const values = valuesByName(fields)
  if (!values.has('x-goog-signature') && !values.has('x-goog-credential')) return null
  const policy = new TextDecoder().decode(fromBase64(values.get('policy') ?? '') ?? undefined)
  const end = /"expiration"\s{0,20}:\s{0,20}"([^"]{10,40})"/.exec(policy.slice(0, 65_536))?.[1]
  const expiresAt = new Date(end ?? '')
  return createDetection({
    dialect: 'gcs',
    scheme: 'POST policy',
    form: 'form',
    methods: ['POST'],
    resource: {
      scope: 'object',
      text: showText(`${hostHeader(request.url)}/${values.get('key') ?? ''}`),
    },
    startsAt: parseBasicTimestamp(values.get('x-goog-date') ?? ''),
    expiresAt: Number.isNaN(expiresAt.getTime()) ? null : expiresAt,
    keyId: credentialKey(values.get('x-goog-credential')),
    secrets: ['x-goog-signature', 'policy'].filter((name) => values.has(name)),
  })
}

function credentialKey(credential: string | undefined): string | null {
  if (credential === undefined) return null
  const slash = credential.indexOf('/')
  return showText(slash === -1 ? credential : credential.slice(0, slash), 200)
}

function resourceOf(url: ObservedUrl): Detection<'gcs'>['resource'] {
  const path = url.path.startsWith('/') ? url.path.slice(1) : url.path
  const isPathStyle = /^(storage\.googleapis\.com|storage\.cloud\.google\.com)$/i.test(url.host)
  const bucket = /^(.{1,222})\.storage\.googleapis\.com$/i.exec(url.host)?.[1]
  if (isPathStyle) {
    const slash = path.indexOf('/')
    const isBucket = slash === -1 || slash === path.length - 1
    return { scope: isBucket ? 'bucket' : 'object', text: showText(path) }
  }
  return {
    scope: path === '' ? 'bucket' : 'object',
    text: showText(`${bucket ?? hostHeader(url)}/${path}`),
  }
}
