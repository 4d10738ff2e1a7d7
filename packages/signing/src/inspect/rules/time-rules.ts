/**
 * What start, end and clock say about a request, for every dialect alike.
 *
 * @module
 */
import type { Detection, Finding } from '../facts/dialect-facts.ts'

const MINUTE = 60_000
/** A start this little in the future is a clock that runs ahead; more is a wrong time zone or an intended start. */
const CLOCK_RANGE = 90 * MINUTE

/** How strict a dialect is about starts. */
export interface TimeRuleOptions {
  /** How far ahead a start may lie and still be served. */
  readonly toleranceSeconds?: number
}

/** Ended, not yet started, or ends before it starts. */
export function timeFindings(
  { startsAt, expiresAt }: Pick<Detection, 'startsAt' | 'expiresAt'>,
  now: Date,
  { toleranceSeconds = 0 }: TimeRuleOptions = {},
): Finding[] {
  const findings: Finding[] = []
  if (expiresAt !== null && looksLikeMilliseconds(expiresAt)) return findings
  if (startsAt !== null && expiresAt !== null && expiresAt <= startsAt) {
    findings.push({
      code: 'expiry-before-start',
      confidence: 0.97,
      evidence: `start ${iso(startsAt)}, end ${iso(expiresAt)}`,
    })
    return findings
  }
  if (expiresAt !== null && expiresAt < now) findings.push(expired(expiresAt, now))
  if (startsAt !== null && startsAt.getTime() - now.getTime() > toleranceSeconds * 1000) {
    findings.push(early(startsAt, now))
  }
  return findings
}

/** Epoch milliseconds written where seconds belong lie far beyond the year 3000. */
export function looksLikeMilliseconds(expiresAt: Date): boolean {
  return expiresAt.getTime() > 32_503_680_000_000
}

function expired(expiresAt: Date, now: Date): Finding {
  return {
    code: 'url-expired',
    confidence: 0.97,
    facts: { expiredAt: iso(expiresAt), ago: formatDuration(now.getTime() - expiresAt.getTime()) },
  }
}

function early(startsAt: Date, now: Date): Finding {
  const aheadMs = startsAt.getTime() - now.getTime()
  const ahead = formatDuration(aheadMs)
  if (aheadMs <= CLOCK_RANGE) return { code: 'clock-ahead', confidence: 0.9, facts: { ahead } }
  return {
    code: 'url-not-yet-valid',
    confidence: 0.95,
    facts: { startsAt: iso(startsAt), ahead },
  }
}

/** ISO 8601 without milliseconds, or `an impossible time`. */
export function iso(date: Date): string {
  const time = date.getTime()
  if (Number.isNaN(time) || Math.abs(time) > 8.64e15) return 'an impossible time'
  return date.toISOString().replace('.000Z', 'Z')
}

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
]

/** A length of time in its largest sensible unit: `45 s`, `12 min`, `3 h`, `8 d`. */
export function formatDuration(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  for (const [unit, name] of UNITS) {
    if (length >= unit * 2) return `${Math.round(length / unit)} ${name}`
  }
  return `${Math.round(length / 1000)} s`
}
