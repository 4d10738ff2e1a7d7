/** What the vectors of the CDN dialects have in common. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { RawRequest } from '@hallpass/signing'
import { splitUrl } from './aws-shapes.ts'

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

/** A moment from epoch seconds. */
export function atSeconds(seconds: number): Date {
  return new Date(seconds * 1000)
}

/** Which characters of a text are signed, and which of their bits are worth a try. */
export interface Flips {
  readonly start?: number
  readonly end?: number
  /** All seven; fewer where every check is slow. */
  readonly bits?: readonly number[]
  /** True for a change that is another spelling of what was signed. */
  readonly isSame?: (changed: string) => boolean
}

const ALL_BITS = [0, 1, 2, 3, 4, 5, 6]

/** Fails unless `verify` throws an error of the library for every one-bit change of the signed part of `text`. */
export function refuseBitFlips(
  text: string,
  verify: (changed: string) => unknown,
  { start = 0, end = text.length, bits = ALL_BITS, isSame = () => false }: Flips = {},
): void {
  for (let index = start; index < end; index += 1) {
    for (const bit of bits) {
      const other = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit))
      const changed = text.slice(0, index) + other + text.slice(index + 1)
      if (isSame(changed)) continue
      assert.throws(
        () => verify(changed),
        (error: unknown) => error instanceof Error && error.name === 'SigningError',
        `a change of bit ${bit} at ${index} was accepted`,
      )
    }
  }
}

/** True for two spellings of one text: an escape in either case, a plus and an escaped space. */
export function isSameDecoded(a: string, b: string): boolean {
  try {
    return decodeURIComponent(a.replaceAll('+', ' ')) === decodeURIComponent(b.replaceAll('+', ' '))
  } catch {
    return false
  }
}

const SEED_HEADER = '302e020100300506032b657004220420'

/** The public half of an Ed25519 seed in base64url, by Node alone. */
export function publicHalf(seed: string): string {
  const der = Buffer.concat([Buffer.from(SEED_HEADER, 'hex'), Buffer.from(seed, 'base64url')])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  assert.ok(x !== undefined)
  return x
}

/** The value under a key, if it is there: for options that must not be present as `undefined`. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>)
}
