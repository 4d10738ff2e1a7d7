/**
 * The parameters of a verified query.
 *
 * @module
 */
import type { QueryPair } from '../../lib/v4-query.ts'

/**
 * Every parameter of the query but the authentication ones, decoded once. All of them were signed: read
 * parameters from here and nowhere else, and nothing added on the way can take effect.
 */
export interface SignedQuery {
  readonly pairs: readonly QueryPair[]
  /** The first value of the name, whose case is exact, or `null`. */
  readonly get: (name: string) => string | null
  readonly has: (name: string) => boolean
}

export function createSignedQuery(pairs: readonly QueryPair[]): SignedQuery {
  if (pairs.length === 0) return EMPTY
  function get(name: string): string | null {
    for (const pair of pairs) if (pair[0] === name) return pair[1]
    return null
  }
  return { pairs, get, has: (name) => get(name) !== null }
}

const EMPTY: SignedQuery = { pairs: [], get: () => null, has: () => false }
