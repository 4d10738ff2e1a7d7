/** What people may who sign in with OpenID Connect, by the groups their provider says they are in. */
import type { KeyScope } from '../../catalog/records.ts'

export interface GroupRule {
  readonly group: string
  readonly scope: KeyScope
}

/** The first rule whose group somebody is in; `null` where no rule has a word on them. */
export function scopeOfGroups(
  rules: readonly GroupRule[],
  groups: readonly string[],
): KeyScope | null {
  return rules.find(({ group }) => groups.includes(group))?.scope ?? null
}

/** Those of `groups` that a rule knows: the rest says nothing here and is not kept. */
export function knownGroups(rules: readonly GroupRule[], groups: readonly string[]): string[] {
  return rules.flatMap(({ group }) => (groups.includes(group) ? [group] : []))
}
