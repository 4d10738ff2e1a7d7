/**
 * A query of what was given.
 *
 * @module
 */

/** Percent-encoded, without a question mark; what is `undefined` is left out. */
export function queryText(values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, value)
  }
  return query.toString()
}
