/**
 * What a look-up of the caller answered, before anything is read of it.
 *
 * @module
 */
import { SigningError } from '../errors.ts'

/**
 * The answer; `null` for a key that is not known, and `undefined`, as a `Map` answers, means the same.
 *
 * @throws {TypeError} if it is a promise: then nothing of a key is there yet
 */
export function lookupAnswer<Key>(answer: Key | null | undefined): Key | null {
  if (answer === undefined || answer === null) return null
  if (typeof answer === 'object' && 'then' in answer) {
    throw new TypeError(
      'lookup must answer at once here: for a look-up that waits make the asynchronous verifier',
    )
  }
  return answer
}

/** The refusal of a key whose own id, under this name, is not the one that was asked for. */
export function otherKey(parameter: string): SigningError<'key-invalid'> {
  return new SigningError(
    'key-invalid',
    'the look-up answered with another key than was asked for',
    {
      parameter,
      reason: 'must be the id that was asked for',
    },
  )
}

/** @throws {TypeError} unless the answer holds a text under each of these names */
export function requireTexts<Key extends object>(
  answer: Key,
  ...names: readonly (keyof Key & string)[]
): void {
  const isObject = typeof answer === 'object'
  const lacking = names.find((name) => !isObject || typeof answer[name] !== 'string')
  if (lacking !== undefined) throw new TypeError(`lookup must answer with ${lacking}, a text`)
}
