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
 * @throws {TypeError} without options, or with the name of the first member that is not known, and the known ones that are near it, or
 * all
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
    const near = names.filter((other) => isNear(name.toLowerCase(), other.toLowerCase()))
    const known = (near.length > 0 ? near : names).join(', ')
    throw wrongOption(`${parameter} must not hold ${name.slice(0, 64)}: known are ${known}`)
  }
}

/** Whether the known name may have been meant: the given one is a piece of it, or one letter in four is another at most. */
function isNear(given: string, known: string): boolean {
  return (
    (given.length > 2 && known.includes(given)) ||
    isWithin(Math.ceil(known.length / 4), given, known)
  )
}

/** Whether one text becomes the other by so many letters put in, left out or replaced. */
function isWithin(edits: number, a: string, b: string): boolean {
  if (a === b) return true
  const [x, y] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return isWithin(edits, x, y)
  const left = edits - 1
  return left >= 0 && (isWithin(left, x, b) || isWithin(left, a, y) || isWithin(left, x, y))
}
