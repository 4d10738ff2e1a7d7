/**
 * Says which option is missing, before anything fails for want of it: callers without types, and variables of the environment that
 * are not set, are common.
 *
 * @module
 */

/** @throws {TypeError} with the name of the first of these options that is missing */
export function requireOptions<Options extends object>(
  options: Options,
  ...names: readonly (keyof Options & string)[]
): void {
  for (const name of names) {
    if ((options[name] ?? null) === null) throw new TypeError(`${name} must be given`)
  }
}

/** @throws {TypeError} unless there is a look-up */
export function requireLookup({ lookup }: { readonly lookup: unknown }): void {
  if (typeof lookup === 'function') return
  throw new TypeError('lookup must be a function that gives the key of an id, or null')
}

/** @throws {TypeError} unless there is a list: a text in its place would be taken for its characters */
export function requireList(list: unknown, parameter: string): void {
  if (!Array.isArray(list)) throw new TypeError(`${parameter} must be a list`)
}
