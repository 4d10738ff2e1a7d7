/**
 * Doubled and missing parameters, for dialects whose parameters are a plain list of names.
 *
 * @module
 */
import type { Finding } from '../facts/dialect-facts.ts'
import type { ObservedUrl } from '../facts/observed-url.ts'

/** Which names must be there, and which may not be there twice. Exact case. */
export interface ParameterRules {
  readonly needed: readonly string[]
  readonly single: readonly string[]
  /** The shortest whole signature; a shorter one at the end of the URL was cut. */
  readonly signature?: { readonly name: string; readonly minLength: number }
}

/** Missing, doubled, in another case, cut. */
export function parameterFindings(url: ObservedUrl, rules: ParameterRules): Finding[] {
  const cuts = cut(url, rules)
  // What stood behind the cut is missing for the same reason.
  return [...doubled(url, rules), ...(cuts.length > 0 ? cuts : absent(url, rules))]
}

function doubled(url: ObservedUrl, { single }: ParameterRules): Finding[] {
  const twice = single.filter(
    (name) => url.parameters.filter((parameter) => parameter.name === name).length > 1,
  )
  if (twice.length === 0) return []
  return [{ code: 'parameter-doubled', confidence: 0.97, facts: { names: twice.join(', ') } }]
}

function absent(url: ObservedUrl, { needed }: ParameterRules): Finding[] {
  const names = new Set(url.parameters.map(({ name }) => name))
  const lower = new Set([...names].map((name) => name.toLowerCase()))
  const lost = needed.filter((name) => !names.has(name))
  if (lost.length === 0) return []
  const inOtherCase = lost.filter((name) => lower.has(name.toLowerCase()))
  if (inOtherCase.length > 0) {
    const facts = { names: inOtherCase.join(', ') }
    return [{ code: 'parameter-case', confidence: 0.97, facts }]
  }
  const last = url.parameters.at(-1)?.rawName ?? ''
  const isStump = lost.some(
    (name) => last !== '' && last.length < name.length && name.startsWith(last),
  )
  return isStump
    ? [{ code: 'url-truncated', confidence: 0.95, facts: { where: 'the query' } }]
    : [{ code: 'parameter-missing', confidence: 0.95, facts: { names: lost.join(', ') } }]
}

function cut(url: ObservedUrl, { signature }: ParameterRules): Finding[] {
  const last = url.parameters.at(-1)
  if (signature === undefined || last?.name !== signature.name) return []
  if (last.value.length >= signature.minLength) return []
  return [{ code: 'url-truncated', confidence: 0.95, facts: { where: 'the signature' } }]
}
