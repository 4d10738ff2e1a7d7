/**
 * Bunny CDN tokens for a folder: one hash for every file below it.
 *
 * @module
 */
import { checkOptions, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PrefixSigner, PresignedRequest } from '../../types.ts'
import { GRANT_OPTIONS, SIGNER_OPTIONS } from './params.ts'
import type { BunnyTokenOptions } from './params.ts'
import { decodePath, placeGrant, prepareBunnySigner, signGrant } from './presign.ts'

/** What to open. */
export type BunnyPrefixOptions = BunnyTokenOptions & {
  /** A path, not encoded. End it with a slash: without one, the CDN may open its siblings too. */
  readonly tokenPath: string
}

/** One token for many files. A query is a part of the hash, so URLs may have one only with `ignoresQuery`. */
export interface BunnyPrefix extends PrefixSigner {
  readonly tokenPath: string
  readonly token: string
}

const KNOWN: OptionTable<BunnyPrefixOptions> = {
  ...SIGNER_OPTIONS,
  ...GRANT_OPTIONS,
  tokenPath: TEXT,
}

/** A token over a folder, to go with as many URLs as there are. @throws {SigningError} `key-invalid` */
export function createBunnyPrefix(options: BunnyPrefixOptions): BunnyPrefix {
  checkOptions(options, KNOWN)
  requireOptions(options, 'tokenPath')
  const { tokenPath, isInPath = false, ignoresQuery = false } = options
  checkTokenPath(tokenPath)
  const grant = signGrant(prepareBunnySigner(options), options, {
    path: tokenPath,
    query: '',
    tokenPath,
  })
  function sign(url: string): PresignedRequest {
    const parts = parseAbsoluteUrl(url, 'url')
    if (!isBelowTokenPath(decodePath(parts), tokenPath) || hasDotSegment(parts.path)) {
      throw new RangeError('url must lie below tokenPath')
    }
    if (parts.query !== null && !ignoresQuery) {
      throw new TypeError('url must have no query, or ignoresQuery be set')
    }
    return placeGrant(parts, { ...grant, looseQuery: parts.query ?? '' }, isInPath)
  }
  return { tokenPath, token: grant.token, expiresAt: grant.expiresAt, ...createSigner(sign) }
}

function checkTokenPath(tokenPath: string): void {
  if (typeof tokenPath !== 'string' || !tokenPath.startsWith('/')) {
    throw new TypeError('tokenPath must be a path that begins with a slash')
  }
  if (hasDotSegment(tokenPath) || !tokenPath.isWellFormed()) {
    throw new TypeError('tokenPath must be a path without dot segments')
  }
}

/**
 * True if the path is the token path or lies below it. DEVIATION: Bunny documents a plain prefix; here `/team1` does
 * not open `/team10`, which no signer means.
 */
export function isBelowTokenPath(path: string, tokenPath: string): boolean {
  if (!path.startsWith(tokenPath)) return false
  return (
    tokenPath.endsWith('/') || path.length === tokenPath.length || path[tokenPath.length] === '/'
  )
}
