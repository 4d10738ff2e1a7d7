/**
 * Takes a raw request target apart without changing it. Everything a verifier reads comes through here,
 * so that no parser in between can fold, merge or re-encode what was signed.
 *
 * @module
 */

/** One parameter of a raw query: as it came, and decoded once. */
export interface RawParameter {
  /** The name, escapes decoded once, `+` read as a space. */
  readonly name: string
  /** The value, escapes decoded once, `+` read as a space. Without `=` it is empty. */
  readonly value: string
  /** The bytes between two `&`, as sent. */
  readonly raw: string
}

/** Path and query of a target; `query` is `null` without a question mark, and `''` with a bare one. */
export function splitTarget(target: string): { path: string; query: string | null } {
  const mark = target.indexOf('?')
  if (mark === -1) return { path: target, query: null }
  return { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * The parameters of a raw query, in order, repeats kept, empty pieces (`a&&b`) left out.
 * `null` if an escape is broken or a value is not UTF-8: such a query must be refused, never guessed at.
 */
export function parseRawQuery(query: string): RawParameter[] | null {
  const isPlain = !query.includes('%') && !query.includes('+')
  const parameters: RawParameter[] = []
  let start = 0
  while (start < query.length) {
    const ampersand = query.indexOf('&', start)
    const end = ampersand === -1 ? query.length : ampersand
    if (end > start) {
      const raw = query.slice(start, end)
      const parameter = isPlain ? splitParameter(raw) : decodeParameter(raw)
      if (parameter === null) return null
      parameters.push(parameter)
    }
    start = end + 1
  }
  return parameters
}

function splitParameter(raw: string): RawParameter {
  const equals = raw.indexOf('=')
  if (equals === -1) return { name: raw, value: '', raw }
  return { name: raw.slice(0, equals), value: raw.slice(equals + 1), raw }
}

function decodeParameter(raw: string): RawParameter | null {
  const parameter = splitParameter(raw)
  const name = decodeQueryText(parameter.name)
  const value = decodeQueryText(parameter.value)
  return name === null || value === null ? null : { name, value, raw }
}

/** One name or value of a query: `+` is a space, escapes are decoded once; `null` if they are broken. */
export function decodeQueryText(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return null
  }
}
