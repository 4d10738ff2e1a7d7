/**
 * Finds an EdgeAuth token in a request and takes it apart. Nothing here is verified.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { singleCookie, singleHeader } from '../../lib/raw-headers.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { RawParameter } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'

/** A token as sent, and the request without it. */
export interface LocatedToken {
  readonly token: string
  readonly path: string
  /** The query as sent, less the token. */
  readonly ownQuery: string
}

/** The fields of a token as sent, `null` where there is none. */
export interface TokenFields {
  ip: string | null
  st: string | null
  exp: string | null
  acl: string | null
  id: string | null
  data: string | null
}

/** A token taken apart. */
export interface ParsedToken {
  readonly fields: Readonly<TokenFields>
  /** Everything up to the MAC, as sent. */
  readonly signedFields: string
  readonly mac: string
}

/** The one token of a request. Its bytes are hashed as they stand, so nothing is decoded. */
export function locateToken(request: RawRequest, tokenName: string): LocatedToken {
  const { path, query } = splitTarget(request.target)
  const parameters = parseRawQuery(query ?? '')
  if (parameters === null) throw malformedToken('the query has broken escapes')
  const inQuery = findInQuery(parameters, tokenName)
  const inCookie = singleCookie(request.headers, tokenName)
  const inHeader = singleHeader(request.headers, tokenName.toLowerCase())
  const token = inQuery ?? inCookie ?? inHeader
  if (token === null) {
    throw new SigningError('signature-missing', `the request carries no ${tokenName}`, {
      dialect: 'akamai',
    })
  }
  if (Number(inQuery !== null) + Number(inCookie !== null) + Number(inHeader !== null) > 1) {
    const places = { query: inQuery, cookie: inCookie, header: inHeader }
    throw new SigningError('credentials-ambiguous', 'the request carries more than one token', {
      found: Object.entries(places).flatMap(([place, found]) => (found === null ? [] : [place])),
    })
  }
  return { token, path, ownQuery: joinOwn(parameters, tokenName) }
}

function findInQuery(parameters: readonly RawParameter[], tokenName: string): string | null {
  let token: string | null = null
  for (const { name, raw } of parameters) {
    if (name !== tokenName) continue
    if (token !== null) throw duplicate(tokenName)
    if (raw[tokenName.length] !== '=' || !raw.startsWith(tokenName)) {
      throw malformedToken('its name must come without escapes')
    }
    token = raw.slice(tokenName.length + 1)
  }
  return token
}

function joinOwn(parameters: readonly RawParameter[], tokenName: string): string {
  if (parameters.length === 1 && parameters[0]?.name === tokenName) return ''
  const own = parameters.filter(({ name }) => name !== tokenName)
  return own.map(({ raw }) => raw).join('&')
}

const ORDER: readonly (keyof TokenFields)[] = ['ip', 'st', 'exp', 'acl', 'id', 'data']

/** The fields of a token; unknown, repeated, misplaced and missing ones are refused. */
export function parseToken(token: string): ParsedToken {
  const end = token.lastIndexOf('~hmac=')
  if (end === -1) throw malformedToken('expected fields with a tilde between them, hmac last')
  const fields: TokenFields = { ip: null, st: null, exp: null, acl: null, id: null, data: null }
  let order = 0
  let start = 0
  while (start <= end) {
    const next = token.indexOf('~', start)
    const equals = token.indexOf('=', start)
    const name = equals < next ? token.slice(start, equals) : ''
    const field = ORDER.find((known, position) => position >= order && known === name)
    // A `url` or `salt` that was sent would stand in for the one that is hashed.
    if (field === undefined) throw misplaced(name)
    order = ORDER.indexOf(field) + 1
    fields[field] = token.slice(equals + 1, next)
    start = next + 1
  }
  if (fields.exp === null) {
    throw new SigningError('parameter-missing', 'the token has no exp', { parameter: 'exp' })
  }
  return {
    fields,
    signedFields: token.slice(0, end),
    mac: token.slice(end + 6),
  }
}

function misplaced(name: string): SigningError {
  const isKnown = ORDER.some((known) => known === name)
  return isKnown ? duplicate(name) : malformedToken('a field is unknown, or not in its place')
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
