/**
 * The digest of a body as a header, for signatures to cover [RFC9530 2].
 *
 * @module
 */
import { equalText } from '../../lib/constant-time.ts'
import { hashBase64 } from '../../lib/hash.ts'
import { sha256 } from '../../lib/sha256.ts'
import { sha512 } from '../../lib/sha512.ts'

const HASHES = { 'sha-256': sha256, 'sha-512': sha512 } as const

/** The digests that are computed here. */
export type ContentDigestAlgorithm = 'sha-256' | 'sha-512'

/** The value of `Content-Digest` for a body. */
export function formatContentDigest(
  body: string | Uint8Array,
  algorithm: ContentDigestAlgorithm = 'sha-256',
): string {
  return `${algorithm}=:${hashBase64(HASHES[algorithm], body)}:`
}

/** Whether a `Content-Digest` is that of the body: at least one digest known here, and all of those right. */
export function matchesContentDigest(header: string, body: string | Uint8Array): boolean {
  const known = header
    .split(',')
    .map((member) => /^\s*(sha-256|sha-512)=:([A-Za-z0-9+/=]+):\s*$/.exec(member))
    .filter((match) => match !== null)
  return (
    known.length > 0 &&
    known.every(([, name = '', digest = '']) => {
      const hash = name === 'sha-512' ? HASHES['sha-512'] : HASHES['sha-256']
      return equalText(hashBase64(hash, body), digest)
    })
  )
}
