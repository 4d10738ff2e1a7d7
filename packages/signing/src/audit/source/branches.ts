/**
 * Takes apart what is one of several values: `isLong ? 604800 : 60`, `ttl ?? 3600`, `60 if short else 604800`. Which it is only the
 * run knows, so the longest one counts.
 *
 * @module
 */
import { stringEnd } from './blank-comments.ts'

/** The expression once for each value; `null` for one that has no branches. */
export function branchesOf(text: string): readonly string[] | null {
  const python = /^([^]{1,140}?)\s+if\s[^]{1,140}?\selse\s+([^]{1,140})$/.exec(text)
  if (python !== null) return [python[1] ?? '', python[2] ?? '']
  if (!/[?|]/.test(text)) return null
  return split(text) ?? splitWithin(text)
}

/** The longest of those that are known. A day of the calendar counts before a span, which ends with it at the latest. */
export function longest<Amount extends { readonly value: number; readonly kind: string }>(
  amounts: readonly (Amount | null)[],
): Amount | null {
  const known = amounts.filter((amount) => amount !== null)
  const dates = known.filter(({ kind }) => kind === 'date')
  return (dates.length > 0 ? dates : known).toSorted((a, b) => b.value - a.value)[0] ?? null
}

/** What stands on both sides of the first operator that chooses, in no bracket and no string. */
function split(text: string): readonly string[] | null {
  for (const [at, mark] of marks(text)) {
    if (mark === '??' || mark === '||') return [text.slice(0, at), text.slice(at + 2)]
    if (mark === '?') return splitTernary(text, at)
  }
  return null
}

function splitTernary(text: string, question: number): readonly string[] | null {
  let open = 0
  for (const [at, mark] of marks(text)) {
    if (at <= question) continue
    if (mark === '?') open += 1
    if (mark !== ':') continue
    if (open === 0) {
      // `a ?: b` of PHP is `a`, or else `b`.
      const first = text.slice(question + 1, at).trim() || text.slice(0, question)
      return [first, text.slice(at + 1)]
    }
    open -= 1
  }
  return null
}

/** `(isLong ? 7 : 1) * DAY`, as two expressions. */
function splitWithin(text: string): readonly string[] | null {
  for (const { 0: group, index } of text.matchAll(/\([^()]{1,200}\)/g)) {
    const branches = split(group.slice(1, -1))
    if (branches === null) continue
    return branches.map(
      (branch) => `${text.slice(0, index)}(${branch})${text.slice(index + group.length)}`,
    )
  }
  return null
}

/** `?`, `:`, `??` and `||` in no bracket and no string; `?.` is none of them. */
function* marks(text: string): Generator<readonly [at: number, mark: string]> {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    const pair = text.slice(at, at + 2)
    if ('"\'`'.includes(character)) at = stringEnd(text, at, character) - 1
    else if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) depth -= 1
    else if (pair === '?.' || pair === '::') at += 1
    else if (depth === 0 && (pair === '??' || pair === '||')) {
      yield [at, pair]
      at += 1
    } else if (depth === 0 && (character === '?' || character === ':')) yield [at, character]
  }
}
