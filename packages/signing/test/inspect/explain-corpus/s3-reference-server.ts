/**
 * A small S3 front door, written apart from the library: it checks a request the way S3 is documented to and answers
 * with S3's errors. The corpus takes its responses from here, never from the name of a fault.
 */
import { createHash, createHmac } from 'node:crypto'
import type { ExplainKey, ExplainableResponse } from '@hallpass/signing/explain'
import type { SentRequest } from './case.ts'

export interface ServerState {
  readonly keys: readonly ExplainKey[]
  readonly now: Date
  readonly region?: string
  /** Session tokens that have ended. */
  readonly endedTokens?: readonly string[]
  /** The server reads a plus in a query as a plus. */
  readonly isPlusLiteral?: boolean
  /** The server (wrongly) holds URLs to the clock rule for headers. */
  readonly hasHeaderSkewRule?: boolean
  /** The server checks checksums in the query against the body. */
  readonly checksChecksums?: boolean
  /** The server knows no checksum parameters at all. */
  readonly refusesChecksumMode?: boolean
}

const CONTROL = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']

/** S3's answer to a request with a signature in its query. */
export function serveS3(request: SentRequest, state: ServerState): ExplainableResponse {
  const { path, pairs } = parseTarget(request.url, state.isPlusLiteral === true)
  const get = (name: string) => pairs.find(([other]) => other === `X-Amz-${name}`)?.[1]
  if (request.headers.some(([name]) => name.toLowerCase() === 'authorization')) {
    return fail(
      400,
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    )
  }
  if (CONTROL.some((name) => get(name) === undefined)) {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    )
  }
  const parameters = readParameters(get)
  return (
    checkTime(parameters, state) ??
    checkScope(parameters, state) ??
    checkHeaders(request, parameters.signedHeaders) ??
    checkKey(request, { path, pairs }, parameters, state) ??
    checkBody(request, pairs, state) ?? { status: 200, headers: dateHeader(state), body: '' }
  )
}

function readParameters(get: (name: string) => string | undefined): Parameters {
  return {
    algorithm: get('Algorithm') ?? '',
    credential: (get('Credential') ?? '').split('/'),
    date: get('Date') ?? '',
    expires: /^\d+$/.test(get('Expires') ?? '') ? Number(get('Expires')) : Number.NaN,
    signedHeaders: (get('SignedHeaders') ?? '').split(';'),
    signature: get('Signature') ?? '',
    token: get('Security-Token'),
  }
}

interface Parameters {
  readonly algorithm: string
  readonly credential: readonly string[]
  readonly date: string
  readonly expires: number
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly token: string | undefined
}

function checkTime({ date, expires }: Parameters, state: ServerState): ExplainableResponse | null {
  const text = /^\d{8}T\d{6}Z$/.test(date)
    ? date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
    : ''
  const start = Date.parse(text)
  const now = state.now.getTime()
  if (Number.isNaN(start)) {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
    )
  }
  if (!Number.isInteger(expires)) {
    return fail(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires should be a number')
  }
  if (expires > 604_800) {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    )
  }
  const times = {
    Expires: new Date(start + expires * 1000).toISOString().replace('.000', ''),
    ServerTime: state.now.toISOString().replace('.000', ''),
  }
  if (start > now + 300_000) {
    return fail(403, 'AccessDenied', 'Request is not yet valid', {
      'X-Amz-Date': String(start),
      ...times,
    })
  }
  if (now > start + expires * 1000) {
    return fail(403, 'AccessDenied', 'Request has expired', {
      'X-Amz-Expires': String(expires),
      ...times,
    })
  }
  if (state.hasHeaderSkewRule === true && Math.abs(now - start) > 900_000) {
    return fail(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      { ServerTime: times.ServerTime, MaxAllowedSkewMilliseconds: '900000' },
    )
  }
  return null
}

function checkScope(
  { credential, date }: Parameters,
  state: ServerState,
): ExplainableResponse | null {
  const prefix = 'Error parsing the X-Amz-Credential parameter; '
  if (credential.length !== 5) {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      `${prefix}the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`,
    )
  }
  const [, day, region, , terminal] = credential
  if (state.region !== undefined && region !== state.region) {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      `${prefix}the region '${region}' is wrong; expecting '${state.region}'`,
      { Region: state.region },
    )
  }
  if (terminal !== 'aws4_request') {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      `${prefix}incorrect terminal "${terminal}". This endpoint uses "aws4_request".`,
    )
  }
  if (day !== date.slice(0, 8)) {
    return fail(
      400,
      'AuthorizationQueryParametersError',
      `Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${date.slice(0, 8)}".`,
    )
  }
  return null
}

function checkHeaders(request: SentRequest, signed: readonly string[]): ExplainableResponse | null {
  const unsigned = request.headers
    .map(([name]) => name.toLowerCase())
    .filter(
      (name) =>
        name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signed.includes(name),
    )
  if (unsigned.length === 0) return null
  return fail(
    403,
    'AccessDenied',
    'There were headers present in the request which were not signed',
    { HeadersNotSigned: unsigned.join(', ') },
  )
}

interface Target {
  readonly path: string
  readonly pairs: readonly (readonly [string, string])[]
}

function checkKey(
  request: SentRequest,
  target: Target,
  parameters: Parameters,
  state: ServerState,
): ExplainableResponse | null {
  const [id = '', day = '', region = '', service = ''] = parameters.credential
  const key = state.keys.find((other) => other.id === id)
  if (key?.secret === undefined) {
    return fail(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: id },
    )
  }
  if (parameters.token !== undefined && state.endedTokens?.includes(parameters.token) === true) {
    return fail(400, 'ExpiredToken', 'The provided token has expired.', { 'Token-0': 'removed' })
  }
  if (key.sessionToken !== undefined && parameters.token === undefined) {
    return fail(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: id },
    )
  }
  const canonical = canonicalRequest(request, target, parameters.signedHeaders)
  const hash = createHash('sha256').update(canonical).digest('hex')
  const scope = parameters.credential.slice(1).join('/')
  const stringToSign = `${parameters.algorithm}\n${parameters.date}\n${scope}\n${hash}`
  let derived: Buffer = hmac(`AWS4${key.secret}`, day)
  for (const part of [region, service, 'aws4_request']) derived = hmac(derived, part)
  if (hmac(derived, stringToSign).toString('hex') === parameters.signature) return null
  return fail(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    {
      AWSAccessKeyId: id,
      StringToSign: stringToSign,
      SignatureProvided: parameters.signature,
      CanonicalRequest: canonical,
    },
  )
}

function canonicalRequest(request: SentRequest, target: Target, signed: readonly string[]): string {
  const headers = signed.map((name) => {
    const values = request.headers
      .filter(([other]) => other.toLowerCase() === name)
      .map(([, value]) => value.trim())
    return `${name}:${values.join(',')}\n`
  })
  const query = target.pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
  const payload = request.headers.find(
    ([name]) => name.toLowerCase() === 'x-amz-content-sha256',
  )?.[1]
  return [
    request.method,
    encode(decodeURIComponent(target.path)).replaceAll('%2F', '/'),
    query,
    headers.join(''),
    signed.join(';'),
    payload ?? 'UNSIGNED-PAYLOAD',
  ].join('\n')
}

function checkBody(
  request: SentRequest,
  pairs: readonly (readonly [string, string])[],
  state: ServerState,
): ExplainableResponse | null {
  const get = (name: string) => pairs.find(([other]) => other === name)?.[1]
  if (state.refusesChecksumMode === true && get('x-amz-checksum-mode') !== undefined) {
    return fail(
      501,
      'NotImplemented',
      'Header x-amz-checksum-mode with value ENABLED not implemented',
    )
  }
  const isEmpty = (request.body ?? '') === ''
  if (state.checksChecksums === true && get('x-amz-checksum-crc32') === 'AAAAAA==' && !isEmpty) {
    return fail(400, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.')
  }
  return null
}

function parseTarget(url: string, isPlusLiteral: boolean): Target {
  const target = url.replace(/^https?:\/\/[^/]*/, '')
  const mark = target.indexOf('?')
  const query = mark === -1 ? '' : target.slice(mark + 1)
  const decode = (text: string) =>
    decodeURIComponent(isPlusLiteral ? text : text.replaceAll('+', ' '))
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((piece) => {
      const equals = piece.indexOf('=')
      return equals === -1
        ? ([decode(piece), ''] as const)
        : ([decode(piece.slice(0, equals)), decode(piece.slice(equals + 1))] as const)
    })
  return { path: mark === -1 ? target : target.slice(0, mark), pairs }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function dateHeader(state: ServerState): [string, string][] {
  return [['Date', state.now.toUTCString()]]
}

export function fail(
  status: number,
  code: string,
  message: string,
  elements: Readonly<Record<string, string>> = {},
): ExplainableResponse {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const extra = Object.entries(elements).map(
    ([name, value]) => `<${name}>${escape(value)}</${name}>`,
  )
  return {
    status,
    headers: [['Content-Type', 'application/xml']],
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escape(message)}</Message>${extra.join('')}<RequestId>4442587FB7D0A2F9</RequestId><HostId>c2FtcGxl</HostId></Error>`,
  }
}
