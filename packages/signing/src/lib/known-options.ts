/**
 * Refuses options that mean nothing: a limit under a name that nobody reads is no limit.
 *
 * @module
 */

/** The names of all options of a type. The compiler says which one is forgotten, or too many. */
export type OptionNames<Options> = Readonly<Record<keyof Options & string, true>>

/** @throws {TypeError} with the name of the first member that is not known */
export function refuseUnknown(
  options: object,
  known: Readonly<Record<string, true>>,
  parameter = 'options',
): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (unknown === undefined) return
  throw new TypeError(`${parameter} must not hold ${unknown.slice(0, 64)}: it means nothing here`)
}
