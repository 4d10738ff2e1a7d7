/** What claims of OpenID Connect say of a person: how they are called, and which groups they are in. */
type Claims = Readonly<Record<string, unknown>> & { readonly sub: string }

const MAX_GROUPS = 1000
const MAX_LENGTH = 256
/** Of those that say something, the one that people know best comes first. */
const NAMES = ['email', 'preferred_username', 'name'] as const

/** A claim with a list of texts, or with one; everything else is no group. */
export function groupsIn(claims: Claims, claim: string): string[] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_GROUPS) : [value]
  return values.flatMap((item) =>
    typeof item === 'string' && item !== '' && isShort(item) ? [item] : [],
  )
}

/** The subject where nothing else is there. For people to read, and never for a decision: anybody may call themselves anything. */
export function nameIn(claims: Claims): string {
  const found = NAMES.map((name) => claims[name]).find(
    (value) => typeof value === 'string' && value !== '' && isShort(value),
  )
  return typeof found === 'string' ? found : claims.sub
}

function isShort(text: string): boolean {
  return text.length <= MAX_LENGTH
}
