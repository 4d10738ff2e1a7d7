/**
 * What the tests of the CDN dialects share: the vectors, a URL as the request it becomes, and tampering.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isSigningError } from '../../src/errors.ts'
import type { SigningErrorCode } from '../../src/errors.ts'
import type { RawRequest } from '../../src/types.ts'

export { propertyRuns } from './cloud-support.ts'

const VECTORS = new URL('../../../../vectors/', import.meta.url)

function readVectors<Vector>(path: string): Vector[] {
  const file = JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8')) as { vectors: Vector[] }
  return file.vectors
}

/** One of Google's published samples for Cloud CDN and Media CDN. */
export interface GoogleCdnVector {
  readonly product: 'cloud-cdn' | 'media-cdn' | 'media-cdn-token'
  readonly function: string
  readonly input: {
    readonly url?: string
    readonly url_prefix?: string
    readonly key_name?: string
    readonly base64_key: string
    readonly expiration?: number
    readonly expiration_time?: number
    readonly start_time?: number
    readonly signature_algorithm?: 'ed25519' | 'sha1' | 'sha256'
    readonly path_globs?: string
    readonly full_path?: string
    readonly session_id?: string
    readonly data?: string
    readonly headers?: readonly { readonly name: string; readonly value: string }[]
    readonly ip_ranges?: string
    readonly filename?: string
  }
  readonly expected: string
  readonly test: string
}

export function googleCdnVectors(product: GoogleCdnVector['product']): GoogleCdnVector[] {
  const all = readVectors<GoogleCdnVector>('official/google-cdn/sample-tests.json')
  return all.filter((vector) => vector.product === product)
}

/** One vector of vectors/sdk/cdn-tokens.json. */
export interface CdnTokenVector<Args> {
  readonly id: string
  readonly dialect: string
  readonly inputs: { readonly args: Args }
  readonly expected: {
    readonly toSign: string
    readonly url: string
    readonly token: string
    readonly cookie: string
    readonly sig: string
    readonly publicKeyBase64Url: string
  }
}

/** The vectors of one kind; there must be some. */
export function cdnTokenVectors<Args>(dialect: string): CdnTokenVector<Args>[] {
  const all = readVectors<CdnTokenVector<Args>>('sdk/cdn-tokens.json')
  const found = all.filter((vector) => vector.dialect === dialect)
  assert.ok(found.length > 0, dialect)
  return found
}

/** The vectors of any other file. */
export function vectorsOf<Vector>(path: string): Vector[] {
  return readVectors<Vector>(path)
}

/** The request a client makes for a URL, byte for byte. */
export function toRequest(url: string, more: Partial<RawRequest> = {}): RawRequest {
  const [, scheme, host, target] = /^(https?):\/\/([^/?]+)([^]*)$/.exec(url) ?? []
  assert.ok(scheme === 'http' || scheme === 'https', url)
  return {
    method: 'GET',
    target: target ?? '/',
    scheme,
    ...more,
    headers: ['Host', host ?? '', ...(more.headers ?? [])],
  }
}

/** `text` with one bit of one character changed, for every character from `start` to `end` and each of `bits`. */
export function* bitFlips(
  text: string,
  { start = 0, end = text.length, bits = [0, 1, 2, 3, 4, 5, 6] } = {},
): Generator<string> {
  for (let index = start; index < end; index += 1) {
    for (const bit of bits) {
      const changed = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit))
      yield text.slice(0, index) + changed + text.slice(index + 1)
    }
  }
}

/** Asserts that `verify` throws a `SigningError`, of that code if one is given, and nothing else. */
export function assertRefused(verify: () => unknown, code?: SigningErrorCode, what = ''): void {
  assert.throws(verify, (error: unknown) => {
    assert.ok(isSigningError(error), `${what}: ${String(error)}`)
    if (code !== undefined) assert.equal(error.code, code, what)
    return true
  })
}
