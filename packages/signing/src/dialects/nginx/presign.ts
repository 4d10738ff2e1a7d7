/**
 * nginx secure_link URLs.
 *
 * @module
 */
import { NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import { toPairList } from '../../lib/pairs.ts'
import { requireMethod } from '../../lib/method-scope.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { ClockOptions, PresignedRequest, RawRequest, Signer } from '../../types.ts'
import type { NginxRule, PreparedRule } from './params.ts'
import { prepareRule, RULE_OPTIONS } from './params.ts'
import { formatNginxText, hashNginxText, isNginxTime } from './string-to-sign.ts'
import type { TemplatePart } from './template.ts'
import { normalizeUri } from './variables.ts'

/** What to sign, and until when. */
export type NginxRequest = ExpiryOptions & {
  /** The whole URL, percent-encoded. */
  readonly url: string
  /** Needed if `$remote_addr` is in the expression: the only address the URL works from. */
  readonly clientIp?: string
  /** Signed only if `$request_method` is in the expression. `GET` by default. */
  readonly method?: string
  /** Values of `$http_…` and `$cookie_…` in the expression, as headers the client will send. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What to sign, and by which rule. */
export type PresignNginxOptions = NginxRule & NginxRequest

/** Signs URL after URL by one rule, which it has read once. */
export type NginxSigner = Signer<NginxRequest>

/** By which rule, and by which clock. */
export interface NginxSignerOptions extends NginxRule, ClockOptions {}

const OPTIONS: SignerOptionTable<NginxSignerOptions, NginxRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: { ...RULE_OPTIONS, now: true },
    request: {
      url: TEXT,
      clientIp: TEXT,
      method: TEXT,
      headers: OBJECT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
    },
  })

/** A signer for as long as its rule holds. */
export function createNginxSigner(options: NginxSignerOptions): NginxSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(options: NginxSignerOptions): (request: NginxRequest) => PresignedRequest {
  const rule = prepareRule(options)
  const { now } = options
  return (request) => presignWith(rule, { ...request, now: request.now ?? now })
}

/**
 * A URL nginx lets through until it expires. What is signed is what the expression holds, and nothing else.
 *
 * ```text
 * https://host/path?own=1&md5=base64url(MD5(expression))&expires=1773484013
 * ```
 */
export function presignNginx(options: PresignNginxOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

function presignWith(rule: PreparedRule, options: NginxRequest): PresignedRequest {
  const hashName = argumentName(rule.hash)
  const expiresName = argumentName(rule.expires)
  const url = parseAbsoluteUrl(options.url, 'url')
  const expires = `${resolveExpiry(options)}`
  if (!isNginxTime(expires)) throw new RangeError('the end of life must have ten digits')
  if (normalizeUri(url.path, rule.mergesSlashes) === null) {
    throw new TypeError('url must have a path nginx takes')
  }
  const headers = toPairList(options.headers, 'headers')
  // The expression may read the time as an argument, so the text is made from the URL that has it.
  const withTime = appendQuery(options.url, `${expiresName}=${expires}`)
  const origin = `${url.scheme}://${url.host}`
  const request: RawRequest = {
    method: requireMethod(options.method ?? 'GET'),
    target: withTime.slice(origin.length),
    headers: ['Host', url.host, ...headers.flat()],
    scheme: url.scheme,
    ...(options.clientIp === undefined ? {} : { clientIp: options.clientIp }),
  }
  assertUsable(request, rule, [hashName, expiresName])
  const hash = hashNginxText(formatNginxText(request, rule, expires))
  return {
    url: appendQuery(options.url, `${hashName}=${hash}&${expiresName}=${expires}`),
    method: request.method,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    expiresAt: new Date(Number(expires) * 1000),
  }
}

function argumentName([part, ...more]: readonly TemplatePart[]): string {
  const name = /^arg_([a-z0-9_]+)$/i.exec(part?.variable ?? '')?.[1]
  if (name === undefined || more.length > 0) {
    throw new TypeError('secureLink must be two arguments, such as $arg_md5,$arg_expires')
  }
  return name
}

function assertUsable(
  request: RawRequest,
  rule: PreparedRule,
  [hashName = '', expiresName = '']: readonly string[],
): void {
  const names = rule.expression.map(({ variable }) => variable)
  if (names.includes('remote_addr') && request.clientIp === undefined) {
    throw new TypeError('clientIp must be given, since $remote_addr is in the expression')
  }
  const own = (splitTarget(request.target).query ?? '')
    .split('&')
    .map((piece) => piece.split('=', 1)[0]?.toLowerCase())
  const count = (name: string): number => own.filter((found) => found === name.toLowerCase()).length
  if (count(hashName) > 0 || count(expiresName) > 1) {
    throw new TypeError('url must not already have the arguments of secureLink')
  }
}
