/**
 * Refuses options that mean nothing: a limit under a name that nobody reads is no limit.
 *
 * @module
 */
import { wrongOption } from './wrong-option.ts'

/** The names of all options of a type. The compiler says which one is forgotten, or too many. */
export type OptionNames<Options> = Readonly<Record<keyof Options & string, true>>

/** @throws {TypeError} for what has no members */
export function requireObject(options: unknown, parameter = 'options'): void {
  if (typeof options !== 'object' || options === null) {
    throw wrongOption(`${parameter} must be an object`)
  }
}

/**
 * @throws {TypeError} without options, or with the name of the first member that is not known, and the known ones that begin like it,
 * or all
 */
export function refuseUnknown(
  options: object,
  allowed: Readonly<Record<string, true>>,
  parameter = 'options',
): void {
  requireObject(options, parameter)
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(allowed, name)) continue
    const names = Object.keys(allowed)
    const near = names.filter((other) => other.startsWith(name.slice(0, 3).toLowerCase()))
    const known = (near.length > 0 ? near : names).join(', ')
    throw wrongOption(`${parameter} must not hold ${name.slice(0, 64)}: known are ${known}`)
  }
}
