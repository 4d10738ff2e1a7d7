/**
 * What caches may do with an answer. A private one is asked for again each time unless whoever stored the file or signed the link says
 * otherwise, so that a link that was revoked is dead in a browser as well; nobody gets more than the life of the link. A public one is
 * looked at again within a minute, because its folder may have been made private meanwhile.
 */

export const PUBLIC_MAX_AGE_SECONDS = 60

const DIRECTIVE = /([a-z-]+)(?:\s*=\s*"?([^",\s]*)"?)?/gi

/** `stored` is what the owner asked for, if anything; `maxAgeSeconds` is the most that is allowed, 0 for none. */
export function formatCacheControl(
  scope: 'public' | 'private',
  stored: string | null,
  maxAgeSeconds: number,
): string {
  const wanted = stored === null ? NOTHING_SAID : parseDirectives(stored)
  const kind = wanted.has('private') ? 'private' : scope
  if (maxAgeSeconds <= 0 || wanted.has('no-store')) return `${kind}, no-store`
  const isAsked = wanted.has('no-cache') || (scope === 'private' && !saysAge(wanted))
  const parts = [kind, isAsked ? 'no-cache' : `max-age=${ageOf(wanted, scope, maxAgeSeconds)}`]
  for (const name of ['must-revalidate', 'no-transform']) {
    if (wanted.has(name)) parts.push(name)
  }
  return parts.join(', ')
}

type Directives = ReadonlyMap<string, string | undefined>

const NOTHING_SAID: Directives = new Map()

/** The least that was asked for; what is no number of seconds is none. `s-maxage` is for shared caches, which keep nothing private. */
function ageOf(wanted: Directives, scope: 'public' | 'private', mostSeconds: number): number {
  const names = scope === 'public' ? ['max-age', 's-maxage'] : ['max-age']
  const asked = names.filter((name) => wanted.has(name)).map((name) => Number(wanted.get(name)))
  const isAge = (age: number): boolean => Number.isInteger(age) && age >= 0
  return asked.every(isAge) ? Math.min(mostSeconds, ...asked) : 0
}

function saysAge(wanted: Directives): boolean {
  return wanted.has('max-age') || wanted.has('immutable')
}

function parseDirectives(text: string): Map<string, string | undefined> {
  const directives = new Map<string, string | undefined>()
  for (const [, name = '', value] of text.matchAll(DIRECTIVE)) {
    directives.set(name.toLowerCase(), value)
  }
  return directives
}
