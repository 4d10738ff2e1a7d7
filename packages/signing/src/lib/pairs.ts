/**
 * Names and values out of whatever shape they were given in.
 *
 * @module
 */
import type { Pairs } from '../types.ts'
import { wrongOption } from './wrong-option.ts'

/** Names and values, in order. */
export type PairList = readonly (readonly [name: string, value: string])[]

/** The names and values as a list, none for `undefined`. @throws {TypeError} with the caller's name for what has none of the shapes */
export function toPairList(pairs: Pairs | undefined, parameter: string): PairList {
  if (pairs === undefined) return []
  const list: unknown[] = Symbol.iterator in pairs ? [...pairs] : Object.entries(pairs)
  if (list.every(isPair)) return list
  throw wrongOption(`${parameter} must be a record, pairs, Headers or a Map, of Unicode texts`)
}

function isPair(pair: unknown): pair is [string, string] {
  return (
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((text) => typeof text === 'string' && text.isWellFormed())
  )
}
