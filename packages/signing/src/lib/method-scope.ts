/**
 * Most CDN tokens do not cover the method, so a link made for reading would also open a write to the origin behind.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import { wrongOption } from './wrong-option.ts'

/** What a link for reading opens. */
export const READ_METHODS: readonly string[] = ['GET', 'HEAD']

const METHOD = /^[A-Z]{1,32}$/

/**
 * The method as a request has to carry it: methods have a case [RFC9110 9.1], and a client sends what it is told.
 *
 * @throws {TypeError}
 */
export function requireMethod(method: string): string {
  if (METHOD.test(method)) return method
  throw wrongOption('method must be in upper case, such as GET')
}

/** Refuses every method that is not in `allowed`, exactly as written. */
export function assertMethodAllowed(method: string, allowed: readonly string[]): void {
  if (allowed.includes(method)) return
  throw new SigningError('permission-missing', 'the link does not open this method', {
    needed: method.slice(0, 32),
    granted: allowed.join(', '),
  })
}
