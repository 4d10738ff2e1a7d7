/**
 * Which names of a kind count: one, some, or whatever a function says.
 *
 * @module
 */
import { requireGiven } from './required-options.ts'

/** One name, several, or a question asked for each name that comes. Names are compared exactly. */
export type NameRule = string | readonly string[] | ((name: string) => boolean)

/** True if the name counts. A function must say `true`: a promise or a truthy value does not count. */
export function allowsName(rule: NameRule, name: string): boolean {
  if (typeof rule === 'string') return rule === name
  if (typeof rule !== 'function') return rule.includes(name)
  const answer: unknown = rule(name)
  return answer === true
}

/** What was expected, for a refusal. */
export function describeNames(rule: NameRule): string {
  if (typeof rule === 'string') return rule
  return typeof rule === 'function' ? 'one that is taken here' : rule.join(', ')
}

/** The rule; one that can allow nothing, or is none, is a `TypeError` with the caller's name for it. */
export function checkNameRule(rule: NameRule, parameter: string): NameRule {
  requireGiven(rule, parameter)
  const isRule =
    typeof rule === 'function' ||
    (typeof rule === 'string' && rule !== '') ||
    (Array.isArray(rule) &&
      rule.length > 0 &&
      rule.every((name) => typeof name === 'string' && name !== ''))
  if (isRule) return rule
  throw new TypeError(`${parameter} must be a name, a list of names or a function`)
}
