/**
 * Holds a request against the rules of a token. Whatever a rule asks about and the caller does not know is refused.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { isSameAddress, parseIpAddress } from '../../lib/ip-address.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { requireHost, singleHeader } from '../../lib/raw-headers.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import type { EdgioRules } from './params.ts'

/** Refuses a request that breaks a rule. */
export function assertRules(
  request: RawRequest,
  rules: EdgioRules,
  clientCountry: string | undefined,
): void {
  if (rules.clientIp !== undefined) assertAddress(request, rules.clientIp)
  assertCountry(rules, clientCountry)
  assertPath(request, rules)
  assertHost(request, rules)
  assertReferrer(request, rules)
  assertProtocol(request, rules)
}

/** True if the lists let a value through: it is among the allowed, if there are any, and not among the blocked. */
function passes(
  allowed: readonly string[] | undefined,
  blocked: readonly string[] | undefined,
  matches: (entry: string) => boolean,
): boolean {
  return (allowed === undefined || allowed.some(matches)) && blocked?.some(matches) !== true
}

function assertAddress(request: RawRequest, clientIp: string): void {
  const allowed = parseIpAddress(clientIp)
  const actual = parseIpAddress(request.clientIp ?? '')
  if (allowed === null || actual === null || !isSameAddress(allowed, actual)) {
    throw new SigningError('ip-not-allowed', "the client's address is not the token's", {
      allowed: clientIp,
    })
  }
}

function assertCountry(
  { countries, blockedCountries }: EdgioRules,
  clientCountry: string | undefined,
): void {
  if (countries === undefined && blockedCountries === undefined) return
  const matches = (entry: string): boolean => entry.toUpperCase() === clientCountry
  if (clientCountry === undefined || !passes(countries, blockedCountries, matches)) {
    throw new SigningError('country-not-allowed', "the client's country is not allowed", {
      allowed: countries?.join(',') ?? null,
      blocked: blockedCountries?.join(',') ?? null,
    })
  }
}

function assertPath(request: RawRequest, { paths, blockedPaths }: EdgioRules): void {
  if (paths === undefined && blockedPaths === undefined) return
  const { path } = splitTarget(request.target)
  const isOpen = passes(paths, blockedPaths, (entry) => entry !== '' && path.startsWith(entry))
  if (hasDotSegment(path) || !isOpen) {
    throw new SigningError('resource-mismatch', 'the path is not one the token opens', {
      reason: 'the path fits no ec_url_allow, or an ec_url_deny, or has dot segments',
    })
  }
}

function assertHost(request: RawRequest, { hosts, blockedHosts }: EdgioRules): void {
  if (hosts === undefined && blockedHosts === undefined) return
  const host = requireHost(request).toLowerCase().replace(/:\d+$/, '')
  if (!passes(hosts, blockedHosts, (entry) => matchesHost(entry, host))) {
    throw new SigningError('resource-mismatch', 'the host is not one the token opens', {
      reason: 'the host fits no ec_host_allow, or an ec_host_deny',
    })
  }
}

function assertReferrer(request: RawRequest, { referrers, blockedReferrers }: EdgioRules): void {
  if (referrers === undefined && blockedReferrers === undefined) return
  const referrer = singleHeader(request.headers, 'referer') ?? ''
  const page = referrer.replace(/^https?:\/\//i, '')
  const matches = (entry: string): boolean =>
    page === '' ? entry.toLowerCase() === 'missing' : matchesPage(entry, page)
  if (!passes(referrers, blockedReferrers, matches)) {
    throw new SigningError('referrer-not-allowed', 'the page that links here is not allowed', {
      allowed: referrers?.join(',') ?? null,
      blocked: blockedReferrers?.join(',') ?? null,
    })
  }
}

function assertProtocol(request: RawRequest, { protocols, blockedProtocols }: EdgioRules): void {
  const scheme = request.scheme ?? 'https'
  if (!passes(protocols, blockedProtocols, (entry) => entry.toLowerCase() === scheme)) {
    throw new SigningError('protocol-not-allowed', 'the token does not open this protocol', {
      allowed: protocols?.join(',') ?? `all but ${blockedProtocols?.join(',') ?? ''}`,
    })
  }
}

/** A host, or `*.` and a host for everything below it. */
function matchesHost(entry: string, host: string): boolean {
  const wanted = entry.toLowerCase()
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}

/** A host alone, or a host and the beginning of a path. The host must be whole: `a.test` is not `a.test.b.test`. */
function matchesPage(entry: string, page: string): boolean {
  const slash = entry.indexOf('/')
  const pageSlash = page.search(/[/?#]/)
  const host = pageSlash === -1 ? page : page.slice(0, pageSlash)
  const path = pageSlash === -1 ? '/' : page.slice(pageSlash)
  const wanted = slash === -1 ? entry : entry.slice(0, slash)
  if (!matchesHost(wanted, host.toLowerCase().replace(/:\d+$/, ''))) return false
  return slash === -1 || path.startsWith(entry.slice(slash))
}
