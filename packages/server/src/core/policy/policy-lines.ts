/**
 * The lines of a policy: what each may say, and which of two is the tighter one. A folder below another can only tighten; what no
 * folder says is the standard.
 */
import type { Delivery, FolderPolicy, PolicyMethod, PolicyValues } from '../../catalog/records.ts'
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
export type Unfit =
  | { readonly reason: string }
  /** False where it follows from other lines. */
  | { readonly outer: unknown; readonly isSaid: boolean }

interface Meaning<Value> {
  /** What holds where an outer and an inner folder both say something. */
  readonly tighten: (outer: Value, inner: Value) => Value
  /** True if `inner` allows nothing that `outer` does not. */
  readonly isWithin: (inner: Value, outer: Value) => boolean
  /** Why no folder at all can say this; `null` if one can. */
  readonly check: (value: Value) => string | null
  /** No limit but a choice: the nearest folder's holds. */
  readonly isChoice?: boolean
  /** What holds for a folder where nobody above it says the line. */
  readonly unsaid?: (holds: FolderPolicy) => Value | undefined
}

export const LINE_RULES: readonly LineRule[] = [
  // First those that follow from others where nobody says them: what holds of these is what the folders above say.
  rule('maxShareSeconds', { ...lower(1, MAX_EXPIRES_SECONDS), unsaid: lifeOfLinks }),
  rule('scannerLost', {
    tighten: (outer, inner) => (outer === 'hold' ? outer : inner),
    isWithin: (inner, outer) => inner === 'hold' || outer === 'pass',
    check: () => null,
    unsaid: waitsUnsaid,
  }),
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
  rule('delivery', {
    tighten: (outer, inner) => (rankOf(inner) < rankOf(outer) ? inner : outer),
    isWithin: (inner, outer) => rankOf(inner) <= rankOf(outer),
    check: () => null,
  }),
  rule('inlineTypes', { tighten: narrowTypes, isWithin: areTypesWithin, check: () => null }),
]

/** The more passes this server, the tighter it is. */
function rankOf(delivery: Delivery): number {
  return ['proxied', 'redirected', 'direct'].indexOf(delivery)
}

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
  { tighten, isWithin, check, isChoice = false, unsaid }: Meaning<PolicyValues[Line]>,
): LineRule {
  return {
    line,
    apply: (holds, policy, isFree) => {
      const inner: PolicyValues[Line] | undefined = policy[line]
      const said: PolicyValues[Line] | undefined = holds[line]
      const outer = said ?? unsaid?.(holds)
      if (inner === undefined) return false
      const replaces = isFree || outer === undefined
      if (!replaces && !isChoice && said !== undefined && isWithin(outer, inner)) return false
      holds[line] = replaces ? inner : tighten(outer, inner)
      return true
    },
    explain: (policy, above) => {
      const inner: PolicyValues[Line] | undefined = policy[line]
      const said: PolicyValues[Line] | undefined = above?.[line]
      const outer = above === null ? undefined : (said ?? unsaid?.(above))
      if (inner === undefined) return null
      const reason = check(inner)
      if (reason !== null) return { reason }
      return outer === undefined || isChoice || isWithin(inner, outer)
        ? null
        : { outer, isSaid: said !== undefined }
    },
  }
}

/** As long as links: the shorter of their two lives. */
function lifeOfLinks(holds: FolderPolicy): number {
  const { maxDownloadSeconds, maxUploadSeconds } = { ...STANDARD_POLICY, ...holds }
  return Math.min(maxDownloadSeconds, maxUploadSeconds)
}

/** Where there is somebody to wait for, files wait. */
function waitsUnsaid({ quarantine = [] }: FolderPolicy): 'hold' | undefined {
  return quarantine.length > 0 ? 'hold' : undefined
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
