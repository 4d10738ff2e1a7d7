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
  const { target, headers } = request
  const split = splitQuery(target, tokenName)
  const inCookie = singleCookie(headers, tokenName)
  const inHeader = singleHeader(headers, tokenName.toLowerCase())
  const inQuery = split.token
  if (inQuery !== null && inCookie === null && inHeader === null) return split
  const { path, ownQuery } = split
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
  return { token, path, ownQuery }
}

/** A request of which the query may hold the token. */
type SplitTarget =
  | LocatedToken
  | (Pick<LocatedToken, 'path' | 'ownQuery'> & { readonly token: null })

function splitQuery(target: string, tokenName: string): SplitTarget {
  const { path, query } = splitTarget(target)
  const parameters = parseRawQuery(query ?? '')
  if (parameters === null) throw malformedToken('the query has broken escapes')
  const token = findInQuery(parameters, tokenName)
  const own = parameters.filter(({ name }) => name !== tokenName)
  return { token, path, ownQuery: own.map(({ raw }) => raw).join('&') }
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

const ORDER: readonly (keyof TokenFields)[] = ['ip', 'st', 'exp', 'acl', 'id', 'data']

const FIELDS = ORDER.map((field) => ({
  field,
  prefix: `${field}=`,
  first: field.charCodeAt(0),
}))
const MAC = 'hmac='
const NEXT_MAC = `~${MAC}`

/** The fields of a token; unknown, repeated, misplaced and missing ones are refused. */
export function parseToken(token: string): ParsedToken {
  const fields: TokenFields = { ip: null, st: null, exp: null, acl: null, id: null, data: null }
  let start = 0
  for (const { field, prefix, first } of FIELDS) {
    if (token.charCodeAt(start) !== first || !token.startsWith(prefix, start)) continue
    const next = token.indexOf('~', start)
    if (next === -1) break
    fields[field] = token.slice(start + prefix.length, next)
    start = next + 1
  }
  // A `url` or `salt` that was sent would stand in for the one that is hashed, so nothing else may come.
  if (start === 0 || !token.startsWith(MAC, start) || hasNextMac(token, start)) {
    throw misplacedAt(token, start)
  }
  if (fields.exp === null) {
    throw new SigningError('parameter-missing', 'the token has no exp', { parameter: 'exp' })
  }
  return {
    fields,
    signedFields: token.slice(0, start - 1),
    mac: token.slice(start + MAC.length),
  }
}

// A tilde alone is found faster, and no MAC has one.
function hasNextMac(token: string, start: number): boolean {
  return token.includes('~', start) && token.includes(NEXT_MAC, start)
}

function misplacedAt(token: string, start: number): SigningError {
  if (!token.includes(NEXT_MAC)) {
    return malformedToken('expected fields with a tilde between them, hmac last')
  }
  const equals = token.indexOf('=', start)
  return misplaced(equals < token.indexOf('~', start) ? token.slice(start, equals) : '')
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
