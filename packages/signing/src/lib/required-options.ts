/**
 * Says which option is missing, before anything fails for want of it: callers without types, and variables of the environment that
 * are not set, are common.
 *
 * @module
 */
import { wrongOption } from './wrong-option.ts'

/** @throws {TypeError} with the name of what is missing */
export function requireGiven(value: unknown, parameter: string): void {
  if ((value ?? null) === null) throw wrongOption(`${parameter} is missing`)
}

/** @throws {TypeError} with the name of the first of these options that is missing */
export function requireOptions<Options extends object>(
  options: Options,
  ...names: readonly (keyof Options & string)[]
): void {
  for (const name of names) requireGiven(options[name], name)
}

/** @throws {TypeError} unless there is a look-up */
export function requireLookup(options: { readonly lookup: unknown }): void {
  requireOptions(options, 'lookup')
  if (typeof options.lookup === 'function') return
  throw wrongOption('lookup must be a function that gives the key of an id, or null')
}

/** @throws {TypeError} unless there is a text with something in it */
export function requireText(text: unknown, parameter: string): void {
  requireGiven(text, parameter)
  if (typeof text === 'string' && text !== '' && text.isWellFormed()) return
  throw wrongOption(`${parameter} must be a text, and not empty`)
}

/** True for a list of texts: a number among them would be taken for the text that it becomes. */
export function isTextList(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.every((item) => typeof item === 'string')
}

/** @throws {TypeError} unless there is a list: a text in its place would be taken for its characters */
export function requireList(list: unknown, parameter: string): void {
  requireGiven(list, parameter)
  if (!Array.isArray(list)) throw wrongOption(`${parameter} must be a list`)
}
