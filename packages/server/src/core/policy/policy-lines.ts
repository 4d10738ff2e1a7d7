/**
 * The lines of a policy: what each may say, and which of two is the tighter one. A folder below another can only tighten; what no
 * folder says is the standard.
 */
import type { FolderPolicy, PolicyMethod, PolicyValues } from '../../catalog/records.ts'
import { areTypesWithin, narrowTypes } from '../type-ranges.ts'
import {
  DEFAULT_DOWNLOAD_SECONDS,
  DEFAULT_UPLOAD_SECONDS,
  MAX_EXPIRES_SECONDS,
  MAX_OBJECT_BYTES,
  REASON_NEEDED_SECONDS,
} from '../limits.ts'

export type PolicyLine = keyof PolicyValues

export interface LineRule {
  readonly line: PolicyLine
  /**
   * Lets an inner folder have its say in what holds so far; true if that decided something. `isFree`: it may say anything, as the
   * instance may.
   */
  readonly apply: (holds: PolicyDraft, inner: FolderPolicy, isFree: boolean) => boolean
  /** Why a policy cannot be set below another; `null` if it can. */
  readonly explain: (inner: FolderPolicy, outer: FolderPolicy | null) => Unfit | null
}

export type PolicyDraft = { -readonly [Line in PolicyLine]?: PolicyValues[Line] }

/** What no folder can say, or what loosens `outer`. */
export type Unfit = { readonly reason: string } | { readonly outer: unknown }

interface Meaning<Value> {
  /** What holds where an outer and an inner folder both say something. */
  readonly tighten: (outer: Value, inner: Value) => Value
  /** True if `inner` allows nothing that `outer` does not. */
  readonly isWithin: (inner: Value, outer: Value) => boolean
  /** Why no folder at all can say this; `null` if one can. */
  readonly check: (value: Value) => string | null
  /** No limit but a choice: the nearest folder's holds. */
  readonly isChoice?: boolean
}

export const LINE_RULES: readonly LineRule[] = [
  // Before the lives of links: what holds of them when its turn comes is what the folders above say.
  shareRule(rule('maxShareSeconds', lower(1, MAX_EXPIRES_SECONDS))),
  rule('maxDownloadSeconds', lower(1, MAX_EXPIRES_SECONDS)),
  rule('maxUploadSeconds', lower(1, MAX_EXPIRES_SECONDS)),
  rule('defaultDownloadSeconds', nearest(1, MAX_EXPIRES_SECONDS)),
  rule('defaultUploadSeconds', nearest(1, MAX_EXPIRES_SECONDS)),
  rule('reasonOverSeconds', lower(0, MAX_EXPIRES_SECONDS)),
  rule('methods', {
    tighten: (outer, inner) => outer.filter((method) => inner.includes(method)),
    isWithin: (inner, outer) => inner.every((method) => outer.includes(method)),
    check: () => null,
  }),
  rule('corsOrigins', {
    tighten: (outer, inner) => outer.filter((origin) => inner.includes(origin)),
    isWithin: (inner, outer) => inner.every((origin) => outer.includes(origin)),
    check: checkOrigins,
  }),
  rule('requireIp', demand()),
  rule('requirePassword', demand()),
  rule('maxUses', lower(1, 1_000_000)),
  rule('minBytes', {
    tighten: Math.max,
    isWithin: (inner, outer) => inner >= outer,
    check: between(0, MAX_OBJECT_BYTES),
  }),
  rule('maxBytes', lower(0, MAX_OBJECT_BYTES)),
  rule('maxTotalBytes', lower(0, Number.MAX_SAFE_INTEGER)),
  rule('maxFiles', lower(0, Number.MAX_SAFE_INTEGER)),
  rule('contentTypes', {
    tighten: narrowTypes,
    isWithin: areTypesWithin,
    check: (types) =>
      types.length > 0 ? null : 'an empty list would let nothing in; leave it out for any type',
  }),
  rule('requireMatchingType', demand()),
  rule('quarantine', {
    tighten: (outer, inner) => [...new Set([...outer, ...inner])],
    isWithin: (inner, outer) => outer.every((scanner) => inner.includes(scanner)),
    check: () => null,
  }),
  rule('scannerLost', {
    tighten: (outer, inner) => (outer === 'hold' ? outer : inner),
    isWithin: (inner, outer) => inner === 'hold' || outer === 'pass',
    check: () => null,
  }),
  rule('inlineTypes', { tighten: narrowTypes, isWithin: areTypesWithin, check: () => null }),
]

const EVERY_METHOD: readonly PolicyMethod[] = ['GET', 'PUT', 'POST', 'DELETE']

/** What holds where nobody said anything. The instance may say otherwise; the longest life is S3's own. */
export const STANDARD_POLICY = {
  maxDownloadSeconds: MAX_EXPIRES_SECONDS,
  maxUploadSeconds: MAX_EXPIRES_SECONDS,
  defaultDownloadSeconds: DEFAULT_DOWNLOAD_SECONDS,
  defaultUploadSeconds: DEFAULT_UPLOAD_SECONDS,
  reasonOverSeconds: REASON_NEEDED_SECONDS,
  methods: EVERY_METHOD,
  requireIp: false,
} as const satisfies FolderPolicy

/** What holds at a place: the standard, and what the instance and the folders above say. */
export type EffectivePolicy = FolderPolicy & Pick<PolicyValues, keyof typeof STANDARD_POLICY>

function rule<Line extends PolicyLine>(
  line: Line,
  { tighten, isWithin, check, isChoice = false }: Meaning<PolicyValues[Line]>,
): LineRule {
  return {
    line,
    apply: (holds, policy, isFree) => {
      const inner: PolicyValues[Line] | undefined = policy[line]
      const outer: PolicyValues[Line] | undefined = holds[line]
      if (inner === undefined) return false
      const replaces = isFree || outer === undefined
      if (!replaces && !isChoice && isWithin(outer, inner)) return false
      holds[line] = replaces ? inner : tighten(outer, inner)
      return true
    },
    explain: (policy, above) => {
      const inner: PolicyValues[Line] | undefined = policy[line]
      const outer: PolicyValues[Line] | undefined = above?.[line]
      if (inner === undefined) return null
      const reason = check(inner)
      if (reason !== null) return { reason }
      return outer === undefined || isChoice || isWithin(inner, outer) ? null : { outer }
    },
  }
}

/** Where nobody above says how long shares live, they live as long as links do: a folder below does not give them more. */
function shareRule(own: LineRule): LineRule {
  return {
    line: own.line,
    apply: (holds, policy, isFree) => {
      const most = isFree ? null : lifeOfLinks(holds)
      const wish = policy.maxShareSeconds
      if (most === null || wish === undefined) return own.apply(holds, policy, isFree)
      return own.apply(holds, { maxShareSeconds: Math.min(wish, most) }, isFree)
    },
    explain: (policy, above) => {
      const most = above === null ? null : lifeOfLinks(above)
      const wish = policy.maxShareSeconds ?? 0
      if (most === null || wish <= most) return own.explain(policy, above)
      const reason = `shares live as long as links where nobody says otherwise, ${most} seconds here, and a folder below can only tighten that`
      return { reason }
    },
  }
}

/** The shorter of the two lives; `null` where the shares have a limit of their own. */
function lifeOfLinks(holds: FolderPolicy): number | null {
  if (holds.maxShareSeconds !== undefined) return null
  const { maxDownloadSeconds, maxUploadSeconds } = { ...STANDARD_POLICY, ...holds }
  return Math.min(maxDownloadSeconds, maxUploadSeconds)
}

/** Browsers and we compare origins as text [FETCH-CORS]: another spelling would look right and never match. */
function checkOrigins(origins: readonly string[]): string | null {
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin)
  return wrong === undefined
    ? null
    : `${JSON.stringify(wrong)} is no origin as browsers send it, such as https://app.example.com`
}

function between(min: number, max: number): (value: number) => string | null {
  return (value) =>
    Number.isInteger(value) && value >= min && value <= max
      ? null
      : `it must be a whole number from ${min} to ${max}`
}

/** A limit: the lower one is the tighter. */
function lower(min: number, max: number): Meaning<number> {
  return {
    tighten: Math.min,
    isWithin: (inner, outer) => inner <= outer,
    check: between(min, max),
  }
}

/** Once somebody asks for it, it is asked for everywhere below. */
function demand(): Meaning<boolean> {
  return {
    tighten: (outer, inner) => outer || inner,
    isWithin: (inner, outer) => inner || !outer,
    check: () => null,
  }
}

function nearest(min: number, max: number): Meaning<number> {
  const tighten = (_outer: number, inner: number): number => inner
  return { tighten, isWithin: () => true, check: between(min, max), isChoice: true }
}
