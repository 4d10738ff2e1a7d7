/**
 * The plain text of a token: `ec_…` rules, values as they are, without escapes [EDGIO-TOKEN].
 *
 * ```text
 * ec_expire=1773484013&ec_country_allow=CA,US&ec_url_allow=/videos/
 * ```
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { parseEpochSeconds } from '../../lib/expiry.ts'
import type { EdgioRules, EdgioToken } from './params.ts'

type ListRule = Exclude<keyof EdgioRules, 'clientIp'>

/** The lists in the order in which the service's own tool writes them. */
const LISTS: readonly (readonly [wire: string, rule: ListRule])[] = [
  ['ec_country_allow', 'countries'],
  ['ec_country_deny', 'blockedCountries'],
  ['ec_url_allow', 'paths'],
  ['ec_url_deny', 'blockedPaths'],
  ['ec_host_allow', 'hosts'],
  ['ec_host_deny', 'blockedHosts'],
  ['ec_ref_allow', 'referrers'],
  ['ec_ref_deny', 'blockedReferrers'],
  ['ec_proto_allow', 'protocols'],
  ['ec_proto_deny', 'blockedProtocols'],
]

/** The rules of a plain text. One that this library does not know would go unchecked, so it is refused. */
export function parseEdgioText(text: string): EdgioToken {
  const rules: { -readonly [Rule in ListRule]?: readonly string[] } & { clientIp?: string } = {}
  const seen = new Set<string>()
  let expiresAt: Date | null = null
  for (const piece of text.split('&')) {
    const equals = piece.indexOf('=')
    const wire = piece.slice(0, Math.max(equals, 0))
    const value = piece.slice(equals + 1)
    if (seen.has(wire)) {
      throw new SigningError('parameter-duplicate', 'a rule of the token came more than once', {
        parameter: wire,
      })
    }
    seen.add(wire)
    const list = LISTS.find(([name]) => name === wire)
    if (wire === 'ec_expire') expiresAt = new Date(parseEpochSeconds(value, wire) * 1000)
    else if (wire === 'ec_clientip') rules.clientIp = value
    else if (list !== undefined) rules[list[1]] = value.split(',').map((entry) => entry.trim())
    else {
      throw new SigningError('policy-malformed', 'the token has a rule that is not known', {
        reason: 'expected only known ec_ rules',
      })
    }
  }
  return { rules, expiresAt }
}
