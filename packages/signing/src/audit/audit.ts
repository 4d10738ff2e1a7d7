/**
 * Finds signed URLs, calls that sign badly, and servers that log signatures, and holds them against a policy.
 * Pure: text in, findings out. Nothing it answers holds a usable URL.
 *
 * @module
 */
import { hashHex } from '../lib/hash.ts'
import { factsOf } from './links/detected-facts.ts'
import type { Place } from './file-kind.ts'
import { languageOf, placeOf } from './file-kind.ts'
import type { Found, FoundUrl } from './links/find-urls.ts'
import { DIALECTS } from '../inspect/dialects.ts'
import type { Detection } from '../inspect/facts/dialect-facts.ts'
import { findSigned } from './links/find-urls.ts'
import { checkLink } from './links/link-facts.ts'
import type { AuditPolicy } from './policy.ts'
import { DEFAULT_AUDIT_POLICY } from './policy.ts'
import { RULES } from './rules.ts'
import type { RuleId, Severity } from './rules.ts'
import { checkDeliveryPolicies } from './source/delivery-policy.ts'
import type { Judgement } from './source/presign-call.ts'
import { checkSource } from './source/check-source.ts'
import { createPositions } from './text-position.ts'
import { checkServerConfiguration } from './configuration/web-server.ts'
import type { PlacedHit } from './configuration/web-server.ts'
import type { OptionTable } from '../lib/known-options.ts'
import { checkOptions, OBJECT } from '../lib/known-options.ts'
import { resolveNow } from '../lib/timestamp.ts'
import { redact } from '../redact/redact.ts'
import { sha256 } from '../lib/sha256.ts'

const MAX_EXCERPT = 160

/** One text to audit. */
export interface AuditInput {
  /** Its name decides what kind of text it is; it is shown in every finding. */
  readonly path: string
  readonly text: string
  /** The commit that added the text, when it comes from a repository's history. */
  readonly commit?: string
}

export interface AuditOptions {
  readonly policy?: AuditPolicy
  /** When a URL must have run out not to be live. The clock's time by default. */
  readonly now?: Date
}

/** One thing found. */
export interface AuditFinding {
  readonly ruleId: RuleId
  readonly severity: Severity
  readonly message: string
  readonly fix: string
  readonly path: string
  readonly place: Place
  /** From one. */
  readonly line: number
  readonly column: number
  /** What stands there, its secrets taken out. */
  readonly excerpt: string
  readonly dialect: string | null
  readonly commit: string | null
  /** The same for the same finding in the next run, also when lines have moved. */
  readonly fingerprint: string
}

/** A finding before it has its place in lines. */
interface Sighted {
  readonly ruleId: RuleId
  readonly message: string
  readonly start: number
  readonly excerpt: string
  readonly dialect: string | null
}

/**
 * Everything in the text that breaks a rule of the policy, in order. Never throws on any text.
 *
 * @throws {TypeError} for what is no input, or with the name of an option that is not known
 */
export function audit(input: AuditInput, options: AuditOptions = {}): AuditFinding[] {
  checkInput(input)
  checkOptions(options, KNOWN)
  const policy = options.policy ?? DEFAULT_AUDIT_POLICY
  const now = resolveNow(options.now)
  const place = input.commit === undefined ? placeOf(input.path) : 'git history'
  const sighted = [
    ...findSigned(input.text)
      .filter((found) => found.kind === 'url' || isLiteral(input, found.start))
      .flatMap((found) => judgeFound(found, policy, now)),
    ...placedHits(input, { policy, now }).map((hit) => sightHit(hit, input.text)),
  ].filter(({ ruleId }) => !policy.ignore.includes(ruleId))
  const positions = createPositions(input.text)
  return sighted
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, ...rest }) => ({
      ...rest,
      ...positions(start),
      severity: policy.severities[rest.ruleId] ?? RULES[rest.ruleId].severity,
      fix: RULES[rest.ruleId].fix,
      // Downloaders name files after the whole URL.
      path: redact(input.path),
      place,
      commit: input.commit ?? null,
      fingerprint: hashHex(sha256, `${rest.ruleId}\n${input.path}\n${rest.excerpt}`).slice(0, 32),
    }))
}

const KNOWN: OptionTable<AuditOptions> = { policy: OBJECT, now: true }

function checkInput(input: Partial<AuditInput> | null): void {
  if (typeof input?.path === 'string' && typeof input.text === 'string') return
  throw new TypeError('input must be { path, text }: the name of a text, and the text')
}

/** In source code only what stands in quotes is a secret: anything else is the name of a variable. */
function isLiteral(input: AuditInput, start: number): boolean {
  return languageOf(input.path) === null || '"\'`'.includes(input.text.charAt(start - 1))
}

function placedHits(input: AuditInput, judgement: Judgement): PlacedHit[] {
  const language = languageOf(input.path)
  if (language !== null) return checkSource(input.text, language, judgement)
  const kind = placeOf(input.path)
  if (kind !== 'configuration' && kind !== 'text') return []
  return [
    ...checkServerConfiguration(input.text),
    ...checkDeliveryPolicies(input.text, judgement.policy),
  ]
}

function sightHit(hit: PlacedHit, text: string): Sighted {
  // Cut only after redacting: half a secret would not be recognised as one.
  const excerpt = redact(text.slice(hit.start, hit.end)).replaceAll(/\s+/g, ' ').trim()
  return {
    ruleId: hit.ruleId,
    message: hit.message,
    start: hit.start,
    excerpt: excerpt.length > MAX_EXCERPT ? `${excerpt.slice(0, MAX_EXCERPT)}…` : excerpt,
    dialect: null,
  }
}

function judgeFound(found: Found, policy: AuditPolicy, now: Date): Sighted[] {
  const { start, redacted: excerpt } = found
  if (found.kind === 'secret' && found.isShare) {
    const message = 'the address of a share, which opens it without anything else'
    return [{ ruleId: 'HP013', message, start, excerpt, dialect: null }]
  }
  if (found.kind === 'secret') {
    const message = 'a signature, token or key stands here'
    return [{ ruleId: 'HP012', message, start, excerpt, dialect: null }]
  }
  const { detection } = found
  const facts = factsOf(detection, { scheme: found.scheme, method: found.method, now })
  const hits = checkLink(facts, policy)
  return [liveness(found, now), ...hits].map(({ ruleId, message }) => ({
    ruleId,
    message: `${nameOf(detection)}: ${message}`,
    start,
    excerpt,
    dialect: detection.dialect,
  }))
}

function nameOf({ scheme, dialect }: Pick<Detection, 'scheme' | 'dialect'>): string {
  const isTitled = DIALECTS.find(({ name }) => name === dialect)?.isTitled === true
  // Where it is not the object store's, the scheme names the service.
  return isTitled || scheme.includes(' for ') ? scheme : `${scheme} of ${dialect}`
}

function liveness(found: FoundUrl, now: Date): { ruleId: RuleId; message: string } {
  const { expiresAt } = found.detection
  if (expiresAt === null || Number.isNaN(expiresAt.getTime())) {
    return { ruleId: 'HP001', message: 'a URL without an end it names' }
  }
  const end = expiresAt.toISOString()
  return expiresAt.getTime() >= now.getTime()
    ? { ruleId: 'HP001', message: `a URL that works until ${end}` }
    : { ruleId: 'HP002', message: `a URL that worked until ${end}` }
}
