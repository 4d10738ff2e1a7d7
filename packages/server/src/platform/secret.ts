/**
 * Key material that cannot be printed by accident: string conversion, JSON, template literals and
 * Node's inspector all show `[secret]`. `reveal()` is the only way to the text, and easy to grep for.
 */
import { inspect } from 'node:util'

const SHOWN = '[secret]'

export interface Secret {
  reveal(): string
}

export function createSecret(text: string): Secret {
  const show = (): string => SHOWN
  return Object.freeze({
    reveal: () => text,
    toString: show,
    toJSON: show,
    [Symbol.toPrimitive]: show,
    [inspect.custom]: show,
  })
}
