/**
 * The questions a list of grants may ask: everything, a folder, one file; of all keys or of one. Each is a scope, and a
 * grant is listed under every scope that covers it, so that any list reads only its own page.
 */
import { hash } from 'node:crypto'

/** Scopes are kept as 48 bits: a query compares the path itself too, so that a collision costs a row and shows nothing. */
const SCOPE_BYTES = 6

export interface GrantQuestion {
  /** Only those of this key; `null` for all. */
  readonly createdBy: string | null
  /** Only pages for people. */
  readonly isShare: boolean
}

export function grantScope(pathPrefix: string, { createdBy, isShare }: GrantQuestion): number {
  const byKey = createdBy === null ? pathPrefix : `${pathPrefix}\u0000${createdBy}`
  const question = isShare ? `${byKey}\u0001` : byKey
  return hash('sha256', question, 'buffer').readUIntBE(0, SCOPE_BYTES)
}

/** Every scope that covers a grant on `path` made by `createdBy`. */
export function scopesOfGrant(path: string, { createdBy, isShare }: Filing): number[] {
  return (isShare ? [false, true] : [false]).flatMap((ofShares) => [
    ...scopesOfPath(path, { createdBy: null, isShare: ofShares }),
    ...scopesOfPath(path, { createdBy, isShare: ofShares }),
  ])
}

type Filing = GrantQuestion & { readonly createdBy: string }

/** Those of `path` that are asked about one key or all, and about pages or all. */
export function scopesOfPath(path: string, question: GrantQuestion): number[] {
  const scopes = [grantScope('', question)]
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    scopes.push(grantScope(path.slice(0, at + 1), question))
  }
  if (!path.endsWith('/')) scopes.push(grantScope(path, question))
  return scopes
}
