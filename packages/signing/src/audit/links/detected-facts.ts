/**
 * From what a URL says of itself to the facts a policy judges.
 *
 * @module
 */
import { DIALECTS } from '../../inspect/dialects.ts'
import type { Detection } from '../../inspect/facts/dialect-facts.ts'
import type { SignedUrl } from './find-urls.ts'
import type { FurtherUrl } from './further-schemes.ts'
import type { LinkFacts } from './link-facts.ts'

/** How the URL was found: what its text alone does not tell. */
export interface Sighting {
  /** Of the URL as written; `null` for a bare target. */
  readonly scheme: string | null
  /** The method a log line names before the target. */
  readonly method: string | null
  readonly now: Date
}

const WEAK_SCHEMES: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^SigV2|^V2$/, 'is signed with version 2, which newer regions refuse'],
  [/^legacy token$/, 'uses a token scheme its provider has replaced'],
  [/^secure_link$/, 'is protected by MD5 over a secret, which is no HMAC'],
]

/** The facts of a signed URL. */
export function factsOf(signed: SignedUrl, sighting: Sighting): LinkFacts {
  if (signed.kind === 'further') return furtherFacts(signed.url, sighting)
  const facts = detectedFacts(signed.detection, sighting)
  // What uploads bind, and what a path opens, is said of object stores.
  return !signed.detection.scheme.includes(' for ')
    ? facts
    : { ...facts, bindsContentType: null, bindsLength: null, scope: 'unknown' }
}

function furtherFacts(url: FurtherUrl, { scheme, method, now }: Sighting): LinkFacts {
  return {
    methods: method === null ? [] : [method],
    lifetimeSeconds: url.isEndless ? Infinity : secondsBetween(url.startsAt ?? now, url.expiresAt),
    transport: scheme === 'https' || scheme === 'http' ? scheme : null,
    ip: null,
    canBindIp: false,
    bindsContentType: null,
    bindsLength: null,
    scope: 'unknown',
    weakness: url.weakness,
  }
}

function secondsBetween(from: Date, end: Date | null): number | null {
  if (end === null) return null
  const seconds = Math.round((end.getTime() - from.getTime()) / 1000)
  return seconds <= 0 ? null : seconds
}

function detectedFacts(detection: Detection, sighting: Sighting): LinkFacts {
  const { dialect, audience, signedHeaders } = detection
  const traits = DIALECTS.find(({ name }) => name === dialect)
  const signsHeaders = traits?.signsHeaders === true && detection.form === 'url'
  return {
    methods: methodsOf(detection, sighting),
    lifetimeSeconds: lifetimeOf(detection, sighting.now),
    transport: transportOf(detection, sighting),
    ip: audience.ip,
    canBindIp: traits?.bindsAddress === true,
    bindsContentType: signsHeaders ? signedHeaders.includes('content-type') : null,
    bindsLength: signsHeaders
      ? signedHeaders.some((name) => /^(?:content-length|x-goog-content-length-range)$/.test(name))
      : null,
    // Without its host a bare target does not tell a bucket from a file in one.
    scope: sighting.scheme === null ? 'unknown' : detection.resource.scope,
    weakness: WEAK_SCHEMES.find(([pattern]) => pattern.test(detection.scheme))?.[1] ?? null,
  }
}

function methodsOf(detection: Detection, sighting: Sighting): readonly string[] {
  if (detection.methods.length > 0) return detection.methods
  return sighting.method === null ? [] : [sighting.method]
}

/** Without a start only what is left from now on is known, and that only of a live URL. */
function lifetimeOf(detection: Detection, now: Date): number | null {
  const { startsAt, expiresAt, dialect } = detection
  if (expiresAt === null) return dialect === 'azure' && detection.form === 'url' ? Infinity : null
  return secondsBetween(startsAt ?? now, expiresAt)
}

function transportOf(detection: Detection, sighting: Sighting): 'https' | 'http' | null {
  if (detection.audience.protocol === 'https') return 'https'
  if (sighting.scheme === 'http') return 'http'
  if (detection.dialect === 'azure') return 'http'
  return sighting.scheme === 'https' ? 'https' : null
}
