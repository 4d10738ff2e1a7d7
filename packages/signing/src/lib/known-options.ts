/**
 * Checks options by a table of their names: a limit under a name that nobody reads is no limit, and what is no text would be signed as
 * the text it becomes.
 *
 * @module
 */
import { wrongOption } from './wrong-option.ts'

/** What an option has to be, by the names of JavaScript. */
export const TEXT = 'string'
export const FLAG = 'boolean'
export const NUMBER = 'number'
export const CALL = 'function'
export const LIST = 'array'
export const OBJECT = 'object'

/** Options that are `true` in their table are checked by whoever reads them: dates, and what may be of several kinds. */
type Kind =
  | typeof TEXT
  | typeof FLAG
  | typeof NUMBER
  | typeof CALL
  | typeof LIST
  | typeof OBJECT
  | true

type AnyCall = (...args: never[]) => unknown

type KindOf<Value> = [Value] extends [string]
  ? typeof TEXT
  : [Value] extends [boolean]
    ? typeof FLAG
    : [Value] extends [number]
      ? typeof NUMBER
      : [Value] extends [AnyCall]
        ? typeof CALL
        : [Value] extends [readonly unknown[]]
          ? typeof LIST
          : [Value] extends [object]
            ? [Extract<Value, AnyCall | Date>] extends [never]
              ? typeof OBJECT
              : true
            : true

/** The names of all options of a type, and what each has to be. The compiler says which one is forgotten, wrong, or too many. */
export type OptionTable<Options> = {
  readonly [Name in keyof Options & string]-?: KindOf<Exclude<Options[Name], undefined>>
}

/** A table of whatever options. */
export type AnyOptionTable = Readonly<Record<string, Kind>>

/** @throws {TypeError} for what has no members */
export function requireObject(options: unknown, parameter = 'options'): void {
  if (typeof options !== 'object' || options === null) {
    throw wrongOption(`${parameter} must be an object`)
  }
}

/**
 * @throws {TypeError} without options, for one that is not of its kind, or with the name of the first that is not known, and the known
 * ones that are near it, or all
 */
export function checkOptions(options: object, table: AnyOptionTable, parameter = 'options'): void {
  requireObject(options, parameter)
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(table, name)) {
      const value = (options as Readonly<Record<string, unknown>>)[name]
      const kind = table[name]
      if (value === undefined || kind === true) continue
      if (value !== null && (kind === LIST ? Array.isArray(value) : typeof value === kind)) continue
      throw wrongOption(`${name} must be of type ${kind}`)
    }
    const names = Object.keys(table)
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
