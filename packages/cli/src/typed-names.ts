/**
 * Names in the library's messages as they are typed here: its `expiresInSeconds` is `--expires`.
 *
 * @module
 */

/** From a name of the library to what was typed, or to where the value came from. */
export type TypedNames = Readonly<Record<string, string>>

/** A name at the start of a message is an option; further on only what cannot be a word of the sentence is one. */
const NAME = /^[a-z][\w.]*|\b[a-z]+(?:\.[a-z]+)?[A-Z]\w*|\b(?:url|addressing)\b/g

export function nameAsTyped(message: string, names: TypedNames): string {
  return message.replaceAll(NAME, (name) =>
    Object.hasOwn(names, name) ? (names[name] ?? name) : name,
  )
}
