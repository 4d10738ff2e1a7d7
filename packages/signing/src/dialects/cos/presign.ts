/**
 * Signed URLs of Tencent COS.
 *
 * @module
 */
import { NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import type { PairList } from '../../lib/pairs.ts'
import { toPairList } from '../../lib/pairs.ts'
import { refuseDotSegments } from '../../lib/dot-segments.ts'
import { percentEncode, percentEncodePath } from '../../lib/percent-encode.ts'
import { requireOptions, requireText } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { Pairs, PresignedRequest, Signer } from '../../types.ts'
import type { CosSignerOptions } from './params.ts'
import { prepareCosKey, TOKEN_NAME } from './params.ts'
import { formatCosList, signCosText } from './string-to-sign.ts'

/** What to sign, and until when. */
export type CosRequest = ExpiryOptions & {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** The name of the object, not encoded. */
  readonly key: string
  /** Sent and signed beside the host: `content-type`, `content-md5`, `x-cos-…`. */
  readonly headers?: Pairs | undefined
  /** Signed parameters: `response-content-disposition`, `versionId`. */
  readonly query?: Pairs | undefined
}

/** What `presignCos` needs. */
export type PresignCosOptions = CosSignerOptions & CosRequest

/** Signs request after request with one key pair. It keeps the key as it was read. */
export type CosSigner = Signer<CosRequest>

const METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

const OPTIONS: SignerOptionTable<CosSignerOptions, CosRequest> = /* @__PURE__ */ signerOptionTable({
  signer: {
    credentials: OBJECT,
    endpoint: TEXT,
    now: true,
  },
  request: {
    method: TEXT,
    key: TEXT,
    headers: OBJECT,
    query: OBJECT,
    expiresInSeconds: NUMBER,
    expiresAt: true,
    now: true,
  },
})

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createCosSigner(options: CosSignerOptions): CosSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(options: CosSignerOptions): (request: CosRequest) => PresignedRequest {
  requireOptions(options, 'credentials', 'endpoint')
  const { secretId, secretKey, securityToken } = options.credentials
  requireText(secretId, 'credentials.secretId')
  if (securityToken !== undefined) requireText(securityToken, 'credentials.securityToken')
  const key = prepareCosKey(secretKey)
  const { scheme, host } = parseAbsoluteUrl(options.endpoint, 'endpoint')
  function sign(request: CosRequest): PresignedRequest {
    assertRequest(request)
    const { method } = request
    const clock = request.now ?? options.now
    const expires = resolveExpiry(request, options.now)
    const span = `${Math.min(Math.floor(resolveNowMs(clock) / 1000), expires)};${expires}`
    const sent = headersOf(request)
    const headers = [...sent, ['host', host] as const]
    const parameters = parametersOf(request)
    const own = [
      ['q-sign-algorithm', 'sha1'],
      ['q-ak', secretId],
      ['q-sign-time', span],
      ['q-key-time', span],
      ['q-header-list', formatCosList(headers).names],
      ['q-url-param-list', formatCosList(parameters).names],
      [
        'q-signature',
        signCosText(key, span, span, { method, path: `/${request.key}`, parameters, headers }),
      ],
      ...(securityToken === undefined ? [] : [[TOKEN_NAME, securityToken]]),
    ]
    const search = [...parameters, ...own]
      .map(([name = '', value = '']) => `${percentEncode(name)}=${percentEncode(value)}`)
      .join('&')
    return {
      url: `${scheme}://${host}/${percentEncodePath(request.key)}?${search}`,
      method,
      headers: Object.fromEntries(sent),
      expiresAt: new Date(expires * 1000),
    }
  }
  return sign
}

/**
 * A URL that opens one object for one method. Method, host, key, the headers and parameters given, start and end are signed.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignCos(options: PresignCosOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** @throws {TypeError} naming the option */
function assertRequest(request: CosRequest): void {
  requireOptions(request, 'method', 'key')
  const { method, key } = request
  if (!METHODS.includes(method))
    throw new TypeError('method must be GET, HEAD, PUT, POST or DELETE')
  if (typeof key !== 'string' || key === '' || key.startsWith('/') || !key.isWellFormed()) {
    throw new TypeError('key must be the name of an object, without a slash in front')
  }
  refuseDotSegments(percentEncodePath(key), 'key')
}

const RESERVED = /^(?:q-|x-cos-security-token$)/i

function parametersOf({ query }: CosRequest): PairList {
  const parameters = toPairList(query, 'query')
  const [reserved] = parameters.find(([name]) => RESERVED.test(name)) ?? []
  if (reserved === undefined) return parameters
  throw new TypeError(`query must not have ${reserved}: it belongs to the signature`)
}

function headersOf({ headers }: CosRequest): PairList {
  const list = toPairList(headers, 'headers')
  if (list.some(([name]) => name.toLowerCase() === 'host')) {
    throw new TypeError('headers must not have host: it comes from the endpoint')
  }
  return list.map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
}
