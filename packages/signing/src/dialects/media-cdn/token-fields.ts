/**
 * Finds a Media CDN token in a request and takes it apart. Nothing here is verified.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { singleCookie } from '../../lib/raw-headers.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import { MEDIA_CDN_TOKEN_NAME } from './params.ts'
import type { MediaCdnTokenVerifierOptions } from './token-params.ts'

/** A token, and the path it stands for: the one of the request, less the token if it is a part of it. */
export interface LocatedToken {
  readonly token: string
  readonly path: string
}

/** The fields of a token as sent, `null` where there is none. */
export interface MediaCdnTokenFields {
  URLPrefix: string | null
  PathGlobs: string | null
  /** Empty: what it stands for is not sent. */
  FullPath: string | null
  Starts: string | null
  Expires: string | null
  SessionID: string | null
  Data: string | null
  Headers: string | null
  IPRanges: string | null
}

/** A token taken apart. */
export interface ParsedToken {
  readonly fields: Readonly<MediaCdnTokenFields>
  /** Everything up to the signature, as sent. */
  readonly shown: string
  /** `Signature=…` or `hmac=…`. */
  readonly tail: string
}

/** The token where the options say it is. */
export function locateToken(
  request: RawRequest,
  options: MediaCdnTokenVerifierOptions,
): LocatedToken {
  const { tokenName = MEDIA_CDN_TOKEN_NAME, location = 'query' } = options
  const { path } = splitTarget(request.target)
  const located =
    location === 'path'
      ? locateInPath(path, tokenName)
      : { token: findToken(request, tokenName, location), path }
  if (located === null || located.token === null) {
    throw new SigningError('signature-missing', `the request carries no ${tokenName}`, {
      dialect: 'media-cdn',
    })
  }
  return { token: located.token, path: located.path }
}

function findToken(
  request: RawRequest,
  tokenName: string,
  location: 'query' | 'cookie',
): string | null {
  if (location === 'cookie') return singleCookie(request.headers, tokenName)
  const parameters = parseRawQuery(splitTarget(request.target).query ?? '')
  if (parameters === null) throw malformedToken('the query has broken escapes')
  const found = parameters.filter(({ name }) => name === tokenName)
  if (found.length > 1) throw duplicate(tokenName)
  return found[0]?.value ?? null
}

function locateInPath(path: string, tokenName: string): LocatedToken | null {
  const marker = `/${tokenName}=`
  const start = path.indexOf(marker)
  if (start === -1) return null
  if (path.includes(marker, start + 1)) throw duplicate(tokenName)
  const end = path.indexOf('/', start + 1)
  // A token whose globs hold slashes cannot be told from the path around it.
  const token = path.slice(start + marker.length, end === -1 ? undefined : end)
  return { token, path: path.slice(0, start) + (end === -1 ? '/' : path.slice(end)) }
}

/** The fields in the order in which a token has them. */
export const TOKEN_FIELDS: readonly (keyof MediaCdnTokenFields)[] = [
  'URLPrefix',
  'PathGlobs',
  'FullPath',
  'Starts',
  'Expires',
  'SessionID',
  'Data',
  'Headers',
  'IPRanges',
]

function noFields(): MediaCdnTokenFields {
  return {
    URLPrefix: null,
    PathGlobs: null,
    FullPath: null,
    Starts: null,
    Expires: null,
    SessionID: null,
    Data: null,
    Headers: null,
    IPRanges: null,
  }
}

const FIELDS = TOKEN_FIELDS.map((field) => ({
  field,
  // `FullPath` stands alone: its value is not sent.
  prefix: field === 'FullPath' ? 'FullPath~' : `${field}=`,
  first: field.charCodeAt(0),
}))

/** The fields of a token; unknown, repeated, misplaced and missing ones are refused. */
export function parseToken(token: string): ParsedToken {
  const fields = noFields()
  let start = 0
  for (const { field, prefix, first } of FIELDS) {
    if (token.charCodeAt(start) !== first || !token.startsWith(prefix, start)) continue
    const next = token.indexOf('~', start)
    if (next === -1) break
    fields[field] = field === 'FullPath' ? '' : token.slice(start + prefix.length, next)
    start = next + 1
  }
  const tail = token.slice(start)
  if (start === 0 || !isTail(tail)) throw misplacedAt(token, start, fields)
  assertComplete(fields)
  return { fields, shown: token.slice(0, start - 1), tail }
}

function isTail(text: string): boolean {
  return (text.startsWith('hmac=') || text.startsWith('Signature=')) && !text.includes('~')
}

function misplacedAt(
  token: string,
  start: number,
  fields: Readonly<MediaCdnTokenFields>,
): SigningError {
  if (!isTail(token.slice(token.lastIndexOf('~') + 1))) {
    return malformedToken('expected fields with a tilde between them, Signature or hmac last')
  }
  const [name] = token.slice(start).split(/[=~]/)
  const field = TOKEN_FIELDS.find((known) => known === name)
  return field !== undefined && fields[field] !== null
    ? duplicate(field)
    : malformedToken('a field is unknown, or not in its place')
}

function assertComplete({ URLPrefix, PathGlobs, FullPath, Expires }: MediaCdnTokenFields): void {
  const scopes = Number(URLPrefix !== null) + Number(PathGlobs !== null) + Number(FullPath !== null)
  if (scopes !== 1) {
    throw malformedToken('expected exactly one of URLPrefix, PathGlobs and FullPath')
  }
  if (Expires === null) {
    throw new SigningError('parameter-missing', 'the token has no Expires', {
      parameter: 'Expires',
    })
  }
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}

/** The error of a token that is none. */
export function malformedToken(reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `the token is malformed: ${reason}`, {
    parameter: 'token',
    reason,
  })
}
