/** URLs and the requests they become, taken apart without a parser that would rewrite them. */
import assert from 'node:assert/strict'
import type { RawRequest } from '@hallpass/signing'

export interface UrlParts {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly target: string
}

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

/** The request a client makes for a URL, byte for byte. */
export function toRequest(url: string, more: Partial<RawRequest> = {}): RawRequest {
  const { scheme, host, target } = splitUrl(url)
  return {
    method: 'GET',
    target,
    scheme,
    ...more,
    headers: ['Host', host, ...(more.headers ?? [])],
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

/** Fails unless both have the same path, byte for byte, and the same parameters in any order. */
export function assertSameUrl(url: string, expected: string): void {
  assert.equal(url.split('?')[0], expected.split('?')[0])
  assert.deepEqual(sortedParameters(url), sortedParameters(expected))
}
