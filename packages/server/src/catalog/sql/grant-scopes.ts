/**
 * The questions a list of grants may ask: everything, a folder, one file; of all keys or of one. Each is a scope, and a
 * grant is listed under every scope that covers it, so that any list reads only its own page.
 */
import { hash } from 'node:crypto'

/** Scopes are kept as 48 bits: a query compares the path itself too, so that a collision costs a row and shows nothing. */
const SCOPE_BYTES = 6

export function grantScope(pathPrefix: string, createdBy: string | null): number {
  const question = createdBy === null ? pathPrefix : `${pathPrefix}\u0000${createdBy}`
  return hash('sha256', question, 'buffer').readUIntBE(0, SCOPE_BYTES)
}

/** Every scope that covers a grant on `path` made by `createdBy`. */
export function scopesOfGrant(path: string, createdBy: string): number[] {
  return [...scopesOfPath(path), ...scopesOfPath(path, createdBy)]
}

/** Those of `path` for all keys, or for one. */
export function scopesOfPath(path: string, createdBy: string | null = null): number[] {
  const scopes = [grantScope('', createdBy)]
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    scopes.push(grantScope(path.slice(0, at + 1), createdBy))
  }
  if (!path.endsWith('/')) scopes.push(grantScope(path, createdBy))
  return scopes
}
