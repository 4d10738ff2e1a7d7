/** What the AWS vectors have in common. */
import assert from 'node:assert/strict'
import { isRecord } from './family.ts'
import type * as s3 from '@hallpass/signing/s3'

export type S3Library = typeof s3

/** `20260314T092653Z` as a moment. */
export function parseBasicDate(text: string): Date {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  assert.ok(match, `${text} is not a date`)
  const [, year, month, day, hour, minute, second] = match
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

export interface UrlParts {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly target: string
}

/** Takes a URL apart without a parser that would rewrite it. */
export function splitUrl(url: string): UrlParts {
  const match = /^(https?):\/\/([^/?]+)(.*)$/s.exec(url)
  assert.ok(match, 'not an absolute URL')
  const [, scheme, host = '', target = ''] = match
  return {
    scheme: scheme === 'http' ? 'http' : 'https',
    host,
    target: target.startsWith('/') ? target : `/${target}`,
  }
}

/** Pairs as raw headers. */
export function toRawHeaders(
  pairs: readonly (readonly [string, string])[] | Readonly<Record<string, string>>,
): string[] {
  return (Array.isArray(pairs) ? pairs : Object.entries(pairs)).flat() as string[]
}

/** The query of a URL as a sorted list of decoded pairs, for comparison whatever the order. */
export function sortedParameters(url: string): string[] {
  const mark = url.indexOf('?')
  if (mark === -1) return []
  return url
    .slice(mark + 1)
    .split('&')
    .map((piece) => decodeURIComponent(piece.replaceAll('+', ' ')))
    .toSorted()
}

/** Fails unless the action throws an error of the library. */
export function assertRefused(action: () => unknown, what: string): void {
  let verdict: unknown
  try {
    action()
  } catch (error) {
    verdict = error
  }
  // Not `instanceof`: the library may have been loaded into another realm.
  assert.ok(isRecord(verdict), `${what} was accepted`)
  assert.equal(verdict['name'], 'SigningError', `${what}: ${String(verdict['stack'])}`)
}
