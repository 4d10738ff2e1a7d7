/** Keys of every kind share one id space in core; each REST collection touches only its own. */
import { refusal } from '../../../core/errors.ts'

/** Throws `key-not-found`. */
export function requireKeyIn<Key extends { readonly id: string }>(
  keys: readonly Key[],
  id: string,
): Key {
  const found = keys.find((key) => key.id === id)
  if (found === undefined) throw refusal('key-not-found', { id })
  return found
}
