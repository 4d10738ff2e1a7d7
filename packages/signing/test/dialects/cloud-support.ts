/**
 * What the tests of the cloud dialects share: vectors from their files, raw requests from URLs, the one-bit
 * changes of a text, and how many random inputs a property test takes.
 */
import { readFileSync } from 'node:fs'
import type { RawRequest } from '../../src/types.ts'

const VECTORS = new URL('../../../../vectors/', import.meta.url)

/** The content of a vector file; its shape is the caller's business. */
export function readVectors(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8'))
}

interface Keys {
  readonly pem: Readonly<Record<string, { readonly private: string; readonly public: string }>>
  readonly gcs: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly cloudfront: Readonly<
    Record<string, { readonly keyPairId: string; readonly keyName: string }>
  >
}

export const keys: Keys = readVectors('keys/test-keys.json') as Keys

export function pemOf(name: string): { readonly private: string; readonly public: string } {
  const found = keys.pem[name]
  if (found === undefined) throw new Error(`no test key ${name}`)
  return found
}

/** The request a client would send for a URL: nothing normalised. */
export function requestOf(
  url: string,
  more: Partial<RawRequest> & { readonly extraHeaders?: readonly string[] } = {},
): RawRequest {
  const { extraHeaders = [], ...rest } = more
  const parts = /^(https?):\/\/([^/?]+)(.*)$/s.exec(url)
  if (parts === null) throw new Error('not an absolute URL')
  const [, scheme, host = '', target = ''] = parts
  return {
    method: 'GET',
    target: target.startsWith('/') ? target : `/${target}`,
    headers: ['Host', host, ...extraHeaders],
    scheme: scheme === 'http' ? 'http' : 'https',
    ...rest,
  }
}

/** Random inputs a property test tries: a few hundred, or what HALLPASS_PROPERTY_RUNS says. */
export const propertyRuns: number = Number(process.env['HALLPASS_PROPERTY_RUNS'] ?? '300')

/** Every text that differs from this one in one of these bits of one character. */
export function* flippedTexts(text: string, bits: readonly number[] = [0]): Generator<string> {
  for (let index = 0; index < text.length; index += 1) {
    for (const bit of bits) {
      const changed = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit))
      yield text.slice(0, index) + changed + text.slice(index + 1)
    }
  }
}

/** The query of a URL as decoded pairs, sorted: what two spellings of one URL have in common. */
export function decodedPairs(url: string): string[] {
  const query = url.split('?')[1] ?? ''
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => decodeURIComponent(piece))
    .toSorted()
}

/** The value of one parameter, decoded. */
export function parameterOf(url: string, name: string): string {
  const piece = (url.split('?')[1] ?? '').split('&').find((text) => text.startsWith(`${name}=`))
  return decodeURIComponent(piece?.slice(name.length + 1) ?? '')
}
