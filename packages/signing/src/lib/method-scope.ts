/**
 * Most CDN tokens do not cover the method, so a link made for reading would also open a write to the origin behind.
 *
 * @module
 */
import { SigningError } from '../errors.ts'

/** What a link for reading opens. */
export const READ_METHODS: readonly string[] = ['GET', 'HEAD']

/** Refuses every method that is not in `allowed`, exactly as written. */
export function assertMethodAllowed(method: string, allowed: readonly string[]): void {
  if (allowed.includes(method)) return
  throw new SigningError('permission-missing', 'the link does not open this method', {
    needed: method.slice(0, 32),
    granted: allowed.join(', '),
  })
}
