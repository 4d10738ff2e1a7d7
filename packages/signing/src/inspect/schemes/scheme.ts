/**
 * What is known of a signing scheme that is recognised and not computed here: how it is told, when it ends, where its
 * secret stands. One descriptor a scheme; the tools read nothing else.
 *
 * @module
 */
import type { ObservedRequest } from '../facts/dialect-facts.ts'
import type { ObservedUrl } from '../facts/observed-url.ts'
import { headerValue, parseEpochSeconds } from '../facts/detection.ts'
import { parseBasicTimestamp } from '../../lib/timestamp.ts'
import { readJsonToken } from './json-token.ts'

/** A request, as the descriptors read it. */
export interface Parts {
  readonly request: ObservedRequest
  readonly url: ObservedUrl
  /** The first value of each parameter, by its name in lower case. */
  readonly values: ReadonlyMap<string, string>
}

/** When a URL begins and ends, as far as it says so itself. */
export interface Life {
  readonly startsAt?: Date | null
  /** `null` or absent: it does not say. */
  readonly expiresAt?: Date | null
  /** The scheme has no end at all, or this URL left it out. */
  readonly isEndless?: boolean
}

export type Matcher = (parts: Parts) => boolean

/** One scheme. */
export interface Scheme<Name extends string = string> {
  readonly name: Name
  /** What people call such a URL. */
  readonly title: string
  readonly matches: Matcher
  readonly life: (parts: Parts) => Life
  /** Names of the parameters that open the URL, in any case; headers where the signature stands in one. */
  readonly secrets: readonly string[]
  /** The part of the path that opens the URL. */
  readonly secretInPath?: RegExp
  readonly form?: 'url' | 'header'
  readonly keyId?: (parts: Parts) => string | null
  /** Parameters, by exact name, without which the service takes none. */
  readonly needed?: readonly string[]
  /** The whole signature has this many characters: a shorter one at the end of the URL was cut. */
  readonly signature?: { readonly name: string; readonly minLength: number }
  /** A parameter that was appended breaks the signature. */
  readonly signsQuery?: boolean
  /** Why the scheme is weak. */
  readonly weakness?: string
}

export const MD5 = 'is protected by MD5 over a secret, which is no HMAC'
/** It begins where a run of its characters begins: so no part of a text is read more than once. */
export const JWT: RegExp = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/

/** The URL does not say when it ends: the service keeps that to itself. */
export const untold = (): Life => ({})
export const endless = (): Life => ({ isEndless: true })

/** The end is a parameter of epoch seconds; without it there is none. */
export function until(name: string): (parts: Parts) => Life {
  return ({ values }) => {
    const expiresAt = parseEpochSeconds(values.get(name))
    return expiresAt === null ? { isEndless: true } : { expiresAt }
  }
}

/** Epoch seconds in hex digits. */
export function fromHexSeconds(text: string | undefined): Date | null {
  return text !== undefined && /^[0-9a-f]{6,9}$/i.test(text)
    ? new Date(Number.parseInt(text, 16) * 1000)
    : null
}

/** A start in basic format and a span in seconds, as in version 4 of AWS. */
export function span(prefix: string): (parts: Parts) => Life {
  return ({ values }) => {
    const startsAt = parseBasicTimestamp(values.get(`${prefix}date`) ?? '')
    const seconds = Number(values.get(`${prefix}expires`) ?? Number.NaN)
    const isKnown = startsAt !== null && Number.isInteger(seconds) && seconds < 1e9
    return { startsAt, expiresAt: isKnown ? new Date(startsAt.getTime() + seconds * 1000) : null }
  }
}

/** The end that a JSON Web Token names. */
export function tokenLife(text: string | undefined): Life {
  const claims = readJsonToken(text ?? '')
  if (claims === null) return {}
  return claims.expiresAt === null ? { isEndless: true } : claims
}

export const has = (...names: readonly string[]): Matcher => {
  return ({ values }) => names.every((name) => values.has(name))
}
export const value = (name: string, pattern: RegExp): Matcher => {
  return ({ values }) => pattern.test(values.get(name) ?? '')
}
export const onHost = (pattern: RegExp, and: Matcher): Matcher => {
  return (parts) => pattern.test(parts.url.host) && and(parts)
}
export const onPath = (pattern: RegExp): Matcher => {
  return ({ url }) => pattern.test(url.path)
}
export const inHeader = (name: string, pattern: RegExp): Matcher => {
  return ({ request }) => pattern.test((headerValue(request, name) ?? '').slice(0, 16_384))
}

/** The first part of a parameter, up to a slash or colon: the id in a credential. */
export function idIn(name: string): (parts: Parts) => string | null {
  return ({ values }) => values.get(name)?.split(/[/:]/, 1)[0] ?? null
}
