/**
 * The nginx variables an expression may hold, computed from the raw request as nginx does.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { requireHost, singleCookie, singleHeader } from '../../lib/raw-headers.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import type { PreparedRule } from './params.ts'

/**
 * The value of one variable. Those of the rule win. A variable this library does not know is a `TypeError`; an address
 * that is not known, or an argument that came twice, is refused.
 */
export function readVariable(request: RawRequest, rule: PreparedRule, name: string): string {
  if (Object.hasOwn(rule.variables, name)) return rule.variables[name] ?? ''
  const lower = name.toLowerCase()
  if (lower.startsWith('arg_')) return readArgument(request, lower.slice(4))
  if (lower.startsWith('cookie_')) return singleCookie(request.headers, name.slice(7)) ?? ''
  if (lower === 'http_host') return requireHost(request)
  if (lower.startsWith('http_')) {
    return singleHeader(request.headers, lower.slice(5).replaceAll('_', '-')) ?? ''
  }
  const read = Object.hasOwn(PLAIN_VARIABLES, name) ? PLAIN_VARIABLES[name] : undefined
  if (read === undefined) {
    throw new TypeError(`expression must give a value for the variable $${name} in variables`)
  }
  return read(request, rule)
}

const PLAIN_VARIABLES: Readonly<
  Record<string, (request: RawRequest, rule: PreparedRule) => string>
> = {
  uri: readUri,
  document_uri: readUri,
  remote_addr: readAddress,
  host: (request) => requireHost(request).toLowerCase().replace(/:\d+$/, ''),
  scheme: (request) => request.scheme ?? 'https',
  request_method: (request) => request.method,
}

/** `$arg_name`: the value as sent, undecoded. Names are the same in any case, so two spellings are two values. */
function readArgument(request: RawRequest, name: string): string {
  const { query } = splitTarget(request.target)
  let value: string | null = null
  for (const piece of (query ?? '').split('&')) {
    if (piece[name.length] !== '=') continue
    if (piece.slice(0, name.length).toLowerCase() !== name) continue
    if (value !== null) {
      throw new SigningError('parameter-duplicate', `the argument ${name} came more than once`, {
        parameter: name,
      })
    }
    value = piece.slice(name.length + 1)
  }
  return value ?? ''
}

function readAddress({ clientIp }: RawRequest): string {
  if (clientIp === undefined) {
    throw new SigningError('ip-not-allowed', 'the link is bound to an address, and none is known', {
      allowed: 'the address the link was made for',
    })
  }
  return clientIp
}

function readUri(request: RawRequest, { mergesSlashes }: PreparedRule): string {
  const uri = normalizeUri(splitTarget(request.target).path, mergesSlashes)
  if (uri === null) {
    throw new SigningError('parameter-malformed', 'the path is not one nginx would take', {
      parameter: 'path',
      reason: 'expected whole UTF-8 escapes, no NUL, no dot segments above the root',
    })
  }
  return uri
}

/**
 * `$uri`: escapes decoded once, then dot segments folded and slashes merged, whether they were escaped or not.
 * `null` for what nginx answers with 400.
 */
export function normalizeUri(path: string, mergesSlashes: boolean): string | null {
  const decoded = percentDecode(path)
  if (decoded === null || !isWholePath(decoded) || path.includes('#')) return null
  // The usual path has nothing to fold.
  if (!decoded.includes('/.') && !decoded.includes('//')) return decoded
  return foldSegments(decoded, mergesSlashes)
}

function foldSegments(decoded: string, mergesSlashes: boolean): string | null {
  const segments: string[] = []
  const pieces = decoded.slice(1).split('/')
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1
    if (piece === '..') {
      if (segments.pop() === undefined) return null
    } else if (piece !== '.' && (piece !== '' || isLast || !mergesSlashes)) {
      segments.push(piece)
    }
    // `/a/.` and `/a/b/..` are the folder `/a/`.
    if (isLast && (piece === '.' || piece === '..')) segments.push('')
  }
  return `/${segments.join('/')}`
}

function isWholePath(decoded: string): boolean {
  return decoded.startsWith('/') && !decoded.includes('\0')
}
