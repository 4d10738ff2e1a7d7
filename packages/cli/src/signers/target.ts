/**
 * What a URL is for: a bucket, or container, and the name of something in it.
 *
 * @module
 */
import { CliError } from '../io.ts'

/** How a dialect calls the two. */
export interface TargetWords {
  readonly bucket: string
  readonly name: string
  /** The option that asks for the bucket itself, if there is one. */
  readonly whole?: string
}

/** The two parts of `BUCKET/NAME`. */
export function splitTarget(
  target: string,
  words: TargetWords,
): { readonly bucket: string; readonly name: string } {
  const { bucket, name } = cutTarget(target)
  const expected = `expected ${words.bucket}/${words.name}`
  if (bucket === '') throw nameless(target, words.bucket, expected)
  if (name !== '') return { bucket, name }
  const { whole } = words
  const remedy = whole === undefined ? '' : `, or ${whole} for the ${words.bucket.toLowerCase()}`
  throw nameless(target, words.name, `${expected}${remedy}`)
}

/** The same, `name` being `null` for the bucket itself where that was asked for: a forgotten name would open more than was meant. */
export function readTarget(
  target: string,
  isWhole: boolean,
  words: Required<TargetWords>,
): { readonly bucket: string; readonly name: string | null } {
  if (!isWhole) return splitTarget(target, words)
  const { bucket, name } = cutTarget(target)
  if (bucket !== '' && name === '') return { bucket, name: null }
  throw new CliError(`'${target}' is no ${words.bucket}, which ${words.whole} wants.`)
}

/** What stands before the first slash, and what behind it. Either may be empty. */
export function cutTarget(target: string): { readonly bucket: string; readonly name: string } {
  const [bucket = '', ...rest] = target.split('/')
  return { bucket, name: rest.join('/') }
}

function nameless(target: string, part: string, remedy: string): CliError {
  return new CliError(`'${target}' names no ${part.toLowerCase()}; ${remedy}.`)
}
