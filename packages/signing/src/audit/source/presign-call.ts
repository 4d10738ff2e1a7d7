/**
 * What every inspector of a language finds out about a call that signs, and the judgement over it.
 *
 * @module
 */
import { formatSeconds } from '../links/link-facts.ts'
import type { AuditPolicy } from '../policy.ts'
import type { RuleId } from '../rules.ts'
import type { PlacedHit } from '../configuration/web-server.ts'
import type { Amount, Constants } from './evaluate.ts'

/** How the API wants its expiry. */
export type ExpiryUnit =
  /** A number of seconds. */
  | 'seconds'
  /** A type of its own for spans: a bare number is a mistake. */
  | 'duration'
  /** A moment: a small bare number is a mistake. */
  | 'moment'
  /** A moment in whole seconds since 1970: milliseconds are a mistake. */
  | 'epoch seconds'

/** The longest life S3 and its likes accept. */
export const MOST_S3_SECONDS = 604_800

/** A file without its comments. */
export interface Source {
  readonly text: string
  readonly constants: Constants
}

/** A call that signs. `null`: not known, and then not judged. */
export interface PresignCall {
  readonly api: string
  readonly start: number
  readonly end: number
  readonly methods: readonly string[]
  readonly expiry: Amount | null
  readonly expiryUnit: ExpiryUnit
  /** A span or moment was given where seconds are wanted. */
  readonly hasWrongType?: boolean
  readonly bindsContentType: boolean | null
  readonly bindsLength: boolean | null
  readonly isVersion2?: boolean
  /** `a container`, `an account`. */
  readonly wideScope?: string | null
  readonly isPlainHttp?: boolean
  /** The SDK adds the checksum of the body it knows, which is none. */
  readonly hasEmptyChecksum?: boolean
  /** Its service takes no longer life than this. */
  readonly mostSeconds?: number
}

const DAY_SECONDS = 86_400
const WEEK_SECONDS = 604_800
/** Nobody means a longer one in milliseconds. */
const LONGEST_LIFE = 10 * 366 * DAY_SECONDS
/** Below this a moment in epoch seconds or milliseconds would lie in the last century. */
const SMALLEST_MOMENT = 900_000_000
/** From here on a moment in seconds would lie three thousand years ahead. */
const SMALLEST_MILLISECONDS = 100_000_000_000
const UPLOADING: readonly string[] = ['PUT', 'POST', 'PATCH']

/** What the calls of a file are judged by. */
export interface Judgement {
  readonly policy: AuditPolicy
  readonly now: Date
}

type Hit = (ruleId: RuleId, message: string) => void

/** The rules the call breaks. */
export function judgeCall(call: PresignCall, { policy, now }: Judgement): PlacedHit[] {
  const hits: PlacedHit[] = []
  const hit: Hit = (ruleId, message) => {
    hits.push({ ruleId, message: `${call.api} ${message}`, start: call.start, end: call.end })
  }
  const isUpload = call.methods.some((method) => UPLOADING.includes(method))
  const limit = isUpload ? policy.maxUploadSeconds : policy.maxDownloadSeconds
  judgeExpiry(call, { limit, now }, hit)
  const refused = call.methods.filter((method) => !policy.allowedMethods.includes(method))
  if (refused.length > 0) hit('HP103', `signs ${refused.join(', ')}`)
  if (isUpload) judgeUpload(call, policy, hit)
  if (call.isVersion2 === true) hit('HP106', 'signs with version 2')
  if (typeof call.wideScope === 'string' && !policy.allowWideScope)
    hit('HP107', `signs for ${call.wideScope}`)
  if (call.isPlainHttp === true && policy.requireHttps)
    hit('HP108', 'signs a URL that works on plain http')
  return hits
}

function judgeUpload(call: PresignCall, policy: AuditPolicy, hit: Hit): void {
  if (policy.requireContentType && call.bindsContentType === false) {
    hit('HP104', 'signs an upload of any content type')
  }
  if (policy.requireLengthBound && call.bindsLength === false) {
    hit('HP105', 'signs an upload of any size')
  }
  if (call.hasEmptyChecksum === true) hit('HP109', 'signs the checksum of an empty body')
}

function judgeExpiry(
  call: PresignCall,
  { limit, now }: { readonly limit: number; readonly now: Date },
  hit: Hit,
): void {
  const { expiry } = call
  if (call.hasWrongType === true) {
    hit('HP102', 'takes a number of seconds, and is given something else')
    return
  }
  if (expiry === null) return
  const mistake = UNIT_CHECKS[call.expiryUnit](expiry.value, expiry)
  if (mistake !== null) {
    hit('HP102', mistake)
    return
  }
  const end = expiry.kind === 'date' ? expiry.value : epochOf(expiry, call.expiryUnit)
  const seconds = end === null ? expiry.value : end - now.getTime() / 1000
  if (seconds <= limit) return
  const span =
    end === null
      ? `signs for ${formatSeconds(expiry.value)}`
      : `signs until ${new Date(end * 1000).toISOString().slice(0, 10)}`
  const most = call.mostSeconds ?? Infinity
  const refused =
    seconds > most ? `; its service takes ${formatSeconds(most)} at most, and refuses more` : ''
  hit('HP101', `${span}, where the policy allows ${formatSeconds(limit)}${refused}`)
}

/** Seconds since 1970, where a bare number can only be a moment; `null` for a span. */
function epochOf({ value, kind, unit }: Amount, expiryUnit: ExpiryUnit): number | null {
  const takesMoment = expiryUnit === 'moment' || expiryUnit === 'epoch seconds'
  if (!takesMoment || kind !== 'span' || unit !== 'bare' || value < SMALLEST_MOMENT) return null
  return value >= SMALLEST_MILLISECONDS ? value / 1000 : value
}

type UnitCheck = (value: number, expiry: Amount) => string | null

/** Milliseconds where seconds are wanted. A whole number of days is one, unless a factor of 1000 says otherwise. */
function looksLikeMilliseconds(value: number, hasThousand: boolean): boolean {
  if (value <= WEEK_SECONDS || value % 1000 !== 0) return false
  return hasThousand ? value / 1000 <= LONGEST_LIFE : value % DAY_SECONDS !== 0
}

function checkMoment(value: number, { unit, kind, epoch }: Amount): string | null {
  if (kind === 'moment') {
    return value < 10 && epoch === 'milliseconds'
      ? `takes a moment in milliseconds, and is given one ${value} seconds away`
      : null
  }
  return kind === 'span' && unit === 'bare' && value < SMALLEST_MOMENT
    ? `takes a moment, and is given the number ${value}, which lies in the past`
    : null
}

const UNIT_CHECKS: Readonly<Record<ExpiryUnit, UnitCheck>> = {
  seconds: (value, { unit, kind, epoch, hasThousand }) => {
    if (kind !== 'span' && epoch !== null) return 'takes a number of seconds, and is given a moment'
    return unit === 'bare' && looksLikeMilliseconds(value, hasThousand)
      ? `takes seconds, and is given ${value}: that is ${formatSeconds(value / 1000)} in milliseconds`
      : null
  },
  duration: (value, { unit }) =>
    unit === 'bare' && value > 0 ? `takes a duration, and is given the bare number ${value}` : null,
  moment: checkMoment,
  'epoch seconds': (value, expiry) => {
    const isMilliseconds =
      expiry.epoch === 'milliseconds' ||
      (expiry.kind === 'span' && value >= SMALLEST_MILLISECONDS && expiry.unit === 'bare')
    return isMilliseconds
      ? 'takes seconds since 1970, and is given milliseconds'
      : checkMoment(value, expiry)
  },
}
