/**
 * Scores one signed URL, or the settings that make them, against a policy. Knows nothing of text or files.
 *
 * @module
 */
import type { AuditPolicy } from '../policy.ts'
import type { RuleId } from '../rules.ts'

/** What is known of a signed URL. `null` and empty lists: not known, and then not judged. */
export interface LinkFacts {
  readonly methods: readonly string[]
  /** From signing to end. `Infinity`: it has no end. */
  readonly lifetimeSeconds: number | null
  /** `http`: it is accepted on plain http. */
  readonly transport: 'https' | 'http' | null
  /** The dialect can bind an address, and this is the range or nothing. */
  readonly ip: string | null
  readonly canBindIp: boolean
  /** For uploads in dialects that can bind it. */
  readonly bindsContentType: boolean | null
  readonly bindsLength: boolean | null
  readonly scope: 'object' | 'prefix' | 'bucket' | 'account' | 'unknown'
  /** Why the scheme is weak; `null` if it is not. */
  readonly weakness: string | null
}

/** One rule broken, with the sentence that says how. */
export interface RuleHit {
  readonly ruleId: RuleId
  readonly message: string
}

const YEAR_SECONDS = 366 * 86_400
const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** The rules a signed URL of these facts breaks. */
export function checkLink(facts: LinkFacts, policy: AuditPolicy): RuleHit[] {
  const isUpload = facts.methods.some((method) => !READING.includes(method))
  return [
    ...checkLifetime(facts, policy, isUpload),
    ...checkMethods(facts, policy),
    ...checkTransport(facts, policy),
    ...(isUpload ? checkUpload(facts, policy) : []),
    ...checkScope(facts, policy),
  ]
}

/** More of a unit than this says nothing: `5241990 minutes`. */
const MOST_UNITS = 10_000

/** `3 days`, `15 minutes`: a span for people. */
export function formatSeconds(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ]
  const isWhole = ([size]: readonly [number, string]): boolean =>
    seconds >= size && seconds % size === 0 && seconds / size < MOST_UNITS
  const [size, name] = units.find(isWhole) ??
    units.find(([size]) => seconds >= size * 3) ?? [1, 'second']
  const count = Math.round((seconds / size) * 10) / 10
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

function checkLifetime(facts: LinkFacts, policy: AuditPolicy, isUpload: boolean): RuleHit[] {
  const { lifetimeSeconds } = facts
  if (lifetimeSeconds === null) return []
  if (lifetimeSeconds > YEAR_SECONDS) {
    const message =
      lifetimeSeconds === Infinity
        ? 'the URL does not say when it ends'
        : `the URL lives ${formatSeconds(lifetimeSeconds)}`
    return [{ ruleId: 'HP004', message }]
  }
  const limit = isUpload ? policy.maxUploadSeconds : policy.maxDownloadSeconds
  if (lifetimeSeconds <= limit) return []
  const message = `lives ${formatSeconds(lifetimeSeconds)}, where the policy allows ${formatSeconds(limit)} for ${isUpload ? 'uploads' : 'downloads'}`
  return [{ ruleId: 'HP003', message }]
}

function checkMethods(facts: LinkFacts, policy: AuditPolicy): RuleHit[] {
  const refused = facts.methods.filter((method) => !policy.allowedMethods.includes(method))
  if (refused.length === 0) return []
  return [{ ruleId: 'HP005', message: `opens ${refused.join(', ')}` }]
}

function checkTransport(facts: LinkFacts, policy: AuditPolicy): RuleHit[] {
  const hits: RuleHit[] = []
  if (policy.requireHttps && facts.transport === 'http') {
    hits.push({ ruleId: 'HP006', message: 'is accepted on plain http' })
  }
  if (policy.requireIp && facts.canBindIp && facts.ip === null) {
    hits.push({ ruleId: 'HP007', message: 'works from every address' })
  }
  return hits
}

function checkUpload(facts: LinkFacts, policy: AuditPolicy): RuleHit[] {
  const hits: RuleHit[] = []
  if (policy.requireContentType && facts.bindsContentType === false) {
    hits.push({ ruleId: 'HP008', message: 'takes an upload of any content type' })
  }
  if (policy.requireLengthBound && facts.bindsLength === false) {
    hits.push({ ruleId: 'HP009', message: 'takes an upload of any size' })
  }
  return hits
}

const SCOPES: Readonly<Record<string, string>> = {
  prefix: 'everything under a prefix',
  bucket: 'a whole bucket or container',
  account: 'a whole account',
}

function checkScope(facts: LinkFacts, policy: AuditPolicy): RuleHit[] {
  const hits: RuleHit[] = []
  const scope = SCOPES[facts.scope]
  if (scope !== undefined && !policy.allowWideScope) {
    hits.push({ ruleId: 'HP010', message: `opens ${scope}` })
  }
  if (facts.weakness !== null) hits.push({ ruleId: 'HP011', message: facts.weakness })
  return hits
}
