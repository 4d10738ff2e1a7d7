/**
 * Signed URLs of Alibaba OSS, version 1.
 *
 * @module
 */
import { FLAG, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import type { PairList } from '../../lib/pairs.ts'
import { toPairList } from '../../lib/pairs.ts'
import { refuseDotSegments } from '../../lib/dot-segments.ts'
import { percentEncode, percentEncodePath } from '../../lib/percent-encode.ts'
import { requireOptions, requireText } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { Pairs, PresignedRequest, Signer } from '../../types.ts'
import type { OssSignerOptions } from './params.ts'
import { OSS_NAMES, prepareOssKey } from './params.ts'
import { formatOssText, isSubResource } from './string-to-sign.ts'

/** What to sign, and until when. */
export type OssRequest = ExpiryOptions & {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly bucket: string
  /** The name of the object, not encoded. */
  readonly key: string
  /** Sent and signed: an upload must carry it. */
  readonly contentType?: string
  /** Base64 of the MD5 of the body, sent and signed. */
  readonly contentMd5?: string
  /** `x-oss-…` headers, sent and signed. */
  readonly headers?: Pairs | undefined
  /** Sub-resources and overrides: `response-content-disposition`, `x-oss-process`, `versionId`. */
  readonly query?: Pairs | undefined
}

/** What `presignOss` needs. */
export type PresignOssOptions = OssSignerOptions & OssRequest

/** Signs request after request with one key pair. It keeps the key as it was read. */
export type OssSigner = Signer<OssRequest>

const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/
const METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

const OPTIONS: SignerOptionTable<OssSignerOptions, OssRequest> = /* @__PURE__ */ signerOptionTable({
  signer: {
    credentials: OBJECT,
    endpoint: TEXT,
    isOwnDomain: FLAG,
    now: true,
  },
  request: {
    method: TEXT,
    bucket: TEXT,
    key: TEXT,
    contentType: TEXT,
    contentMd5: TEXT,
    headers: OBJECT,
    query: OBJECT,
    expiresInSeconds: NUMBER,
    expiresAt: true,
    now: true,
  },
})

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createOssSigner(options: OssSignerOptions): OssSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(options: OssSignerOptions): (request: OssRequest) => PresignedRequest {
  requireOptions(options, 'credentials', 'endpoint')
  const { credentials, isOwnDomain = false } = options
  const { accessKeyId, securityToken } = credentials
  requireText(accessKeyId, 'credentials.accessKeyId')
  if (securityToken !== undefined) requireText(securityToken, 'credentials.securityToken')
  const key = prepareOssKey(credentials.accessKeySecret)
  const { scheme, host } = parseAbsoluteUrl(options.endpoint, 'endpoint')
  function sign(request: OssRequest): PresignedRequest {
    assertRequest(request)
    const { bucket, method } = request
    const expires = resolveExpiry(request, options.now)
    const query = queryOf(request, securityToken)
    const headers = headersOf(request)
    const text = formatOssText({
      method,
      contentMd5: request.contentMd5 ?? '',
      contentType: request.contentType ?? '',
      expires: `${expires}`,
      headers: headers.filter(([name]) => name.startsWith('x-oss-')),
      bucket,
      key: request.key,
      query,
    })
    const own = [
      [OSS_NAMES.accessKeyId, accessKeyId],
      [OSS_NAMES.expires, `${expires}`],
      [OSS_NAMES.signature, hmacBase64(key, text)],
      ...query,
    ]
    const search = own
      .map(([name = '', value = '']) => `${percentEncode(name)}=${percentEncode(value)}`)
      .join('&')
    const origin = `${scheme}://${isOwnDomain ? host : `${bucket}.${host}`}`
    return {
      url: `${origin}/${percentEncodePath(request.key)}?${search}`,
      method,
      headers: Object.fromEntries(headers),
      expiresAt: new Date(expires * 1000),
    }
  }
  return sign
}

/**
 * A URL that opens one object for one method. Method, bucket, key, content type, MD5, `x-oss-…` headers and sub-resources
 * are signed; the host is not.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignOss(options: PresignOssOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** @throws {TypeError} naming the option */
function assertRequest(request: OssRequest): void {
  requireOptions(request, 'method', 'bucket', 'key')
  const { method, bucket, key } = request
  if (!METHODS.includes(method))
    throw new TypeError('method must be GET, HEAD, PUT, POST or DELETE')
  if (typeof bucket !== 'string' || !BUCKET.test(bucket)) {
    throw new TypeError('bucket must be the name of a bucket')
  }
  if (typeof key !== 'string' || key === '' || key.startsWith('/') || !key.isWellFormed()) {
    throw new TypeError('key must be the name of an object, without a slash in front')
  }
  refuseDotSegments(percentEncodePath(key), 'key')
}

function queryOf({ query }: OssRequest, token: string | undefined): PairList {
  const pairs = toPairList(query, 'query')
  const [unsigned] = pairs.find(([name]) => !isSubResource(name)) ?? []
  if (unsigned !== undefined) {
    throw new TypeError(`query must hold sub-resources only: ${unsigned} would not be signed`)
  }
  return token === undefined ? pairs : [...pairs, [OSS_NAMES.token, token]]
}

function headersOf({ headers, contentType, contentMd5 }: OssRequest): PairList {
  const pairs = toPairList(headers, 'headers').map(([name, value]): [string, string] => {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-oss-')) return [lower, value.trim()]
    throw new TypeError(`headers must begin with x-oss-: ${name} would not be signed`)
  })
  if (contentType !== undefined) pairs.push(['content-type', contentType])
  if (contentMd5 !== undefined) pairs.push(['content-md5', contentMd5])
  return pairs
}
