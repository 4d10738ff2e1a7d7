/** Keys of every kind share one id space in core; each REST collection touches only its own. */
import { refusal } from '../../../core/errors.ts'

/** Throws `key-not-found`. */
export function requireKeyIn(keys: readonly { readonly id: string }[], id: string): void {
  if (keys.some((key) => key.id === id)) return
  throw refusal('key-not-found', { id })
}
