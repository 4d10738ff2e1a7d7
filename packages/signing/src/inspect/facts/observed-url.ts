/**
 * Takes any text that should be a URL apart without throwing and without changing it: broken URLs are the
 * business of the tools, so nothing here is refused. Linear in the length of the text.
 *
 * @module
 */
import { decodeQueryText } from '../../lib/raw-target.ts'

/** One parameter, as sent and decoded once. */
export interface ObservedParameter {
  readonly name: string
  readonly value: string
  readonly rawName: string
  readonly rawValue: string
  /** An escape in it is broken or is not UTF-8; `name` and `value` are then the raw text. */
  readonly isBroken: boolean
}

/** The parts of a URL, each exactly as written. */
export interface ObservedUrl {
  /** The whole text, trimmed of nothing. */
  readonly text: string
  /** Lower case, without the colon; `null` for a bare target such as `/a?b`. */
  readonly scheme: string | null
  /** What stands between `//` and the path, without user info, as written. */
  readonly host: string
  /** Digits after the host's colon, or empty. */
  readonly port: string
  /** User name and password in front of the host: present at all? */
  readonly hasUserInfo: boolean
  /** From the first slash up to `?` or `#`; may be empty. */
  readonly path: string
  /** `null` without a question mark. */
  readonly query: string | null
  /** `null` without a `#`. */
  readonly fragment: string | null
  readonly parameters: readonly ObservedParameter[]
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]{0,15}):\/\//
/** More parameters than this are not looked at: no signed URL has them, and hostile ones do. */
const MAX_PARAMETERS = 2000

/** The parts of `text`, whatever it is. */
export function parseObservedUrl(text: string): ObservedUrl {
  const scheme = SCHEME.exec(text)
  const rest = scheme === null ? text : text.slice(scheme[0].length)
  const hash = rest.indexOf('#')
  const beforeHash = hash === -1 ? rest : rest.slice(0, hash)
  const mark = beforeHash.indexOf('?')
  const beforeQuery = mark === -1 ? beforeHash : beforeHash.slice(0, mark)
  const query = mark === -1 ? null : beforeHash.slice(mark + 1)
  const slash = scheme === null ? 0 : beforeQuery.indexOf('/')
  const authority = slash === -1 ? beforeQuery : beforeQuery.slice(0, slash)
  return {
    text,
    scheme: scheme === null ? null : (scheme[1] ?? '').toLowerCase(),
    ...splitAuthority(authority),
    path: slash === -1 ? '' : beforeQuery.slice(slash),
    query,
    fragment: hash === -1 ? null : rest.slice(hash + 1),
    parameters: query === null ? [] : parseObservedQuery(query),
  }
}

function splitAuthority(authority: string): { host: string; port: string; hasUserInfo: boolean } {
  const at = authority.lastIndexOf('@')
  const address = authority.slice(at + 1)
  const port = /:(\d{0,5})$/.exec(address)
  return {
    host: port === null ? address : address.slice(0, port.index),
    port: port?.[1] ?? '',
    hasUserInfo: at !== -1,
  }
}

/** The parameters of a query or a form-encoded text, in order; broken escapes are kept and marked. */
export function parseObservedQuery(query: string): ObservedParameter[] {
  const parameters: ObservedParameter[] = []
  let start = 0
  while (start <= query.length && parameters.length < MAX_PARAMETERS) {
    const end = query.indexOf('&', start)
    const piece = query.slice(start, end === -1 ? query.length : end)
    if (piece !== '') parameters.push(parseParameter(piece))
    if (end === -1) break
    start = end + 1
  }
  return parameters
}

function parseParameter(piece: string): ObservedParameter {
  const equals = piece.indexOf('=')
  const rawName = equals === -1 ? piece : piece.slice(0, equals)
  const rawValue = equals === -1 ? '' : piece.slice(equals + 1)
  const name = decodeQueryText(rawName)
  const value = decodeQueryText(rawValue)
  const isBroken = name === null || value === null
  return { name: name ?? rawName, value: value ?? rawValue, rawName, rawValue, isBroken }
}

/** The first parameter of that exact name, or `undefined`. */
export function findParameter(url: ObservedUrl, name: string): ObservedParameter | undefined {
  return url.parameters.find((parameter) => parameter.name === name)
}

/** Host with its port as a `Host` header would carry it: the scheme's own port left out. */
export function hostHeader(url: ObservedUrl): string {
  const own = url.scheme === 'http' ? '80' : url.scheme === 'https' ? '443' : ''
  return url.port === '' || url.port === own ? url.host : `${url.host}:${url.port}`
}
