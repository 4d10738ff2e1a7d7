/**
 * What every inspector of a language finds out about a call that signs, and the judgement over it.
 *
 * @module
 */
import { formatSeconds } from '../links/link-facts.ts'
import type { AuditPolicy } from '../policy.ts'
import type { RuleId } from '../rules.ts'
import type { PlacedHit } from '../configuration/web-server.ts'
import type { Amount } from './evaluate.ts'

/** How the API wants its expiry. */
export type ExpiryUnit =
  /** A number of seconds. */
  | 'seconds'
  /** A type of its own for spans: a bare number is a mistake. */
  | 'duration'
  /** A moment: a small bare number is a mistake. */
  | 'moment'

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
}

const WEEK_SECONDS = 604_800
/** Below this a moment in epoch seconds or milliseconds would lie in the last century. */
const SMALLEST_MOMENT = 900_000_000
const UPLOADING: readonly string[] = ['PUT', 'POST', 'PATCH']

/** The rules the call breaks. */
export function judgeCall(call: PresignCall, policy: AuditPolicy): PlacedHit[] {
  const hits: PlacedHit[] = []
  const hit = (ruleId: RuleId, message: string): void => {
    hits.push({ ruleId, message: `${call.api} ${message}`, start: call.start, end: call.end })
  }
  const isUpload = call.methods.some((method) => UPLOADING.includes(method))
  judgeExpiry(call, isUpload ? policy.maxUploadSeconds : policy.maxDownloadSeconds, hit)
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

function judgeUpload(
  call: PresignCall,
  policy: AuditPolicy,
  hit: (ruleId: RuleId, message: string) => void,
): void {
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
  limit: number,
  hit: (ruleId: RuleId, message: string) => void,
): void {
  const { expiry } = call
  if (call.hasWrongType === true) {
    hit('HP102', 'takes a number of seconds, and is given something else')
    return
  }
  if (expiry === null) return
  const unit = mistakenUnit(expiry, call.expiryUnit)
  if (unit !== null) {
    hit('HP102', unit)
    return
  }
  if (isAbsolute(expiry)) return
  if (expiry.value > limit) {
    hit(
      'HP101',
      `signs for ${formatSeconds(expiry.value)}, where the policy allows ${formatSeconds(limit)}`,
    )
  }
}

/** A fixed moment cannot be compared with a span. */
function isAbsolute(expiry: Amount): boolean {
  return !expiry.isMoment && expiry.value >= SMALLEST_MOMENT
}

type UnitCheck = (value: number, expiry: Amount) => string | null

const UNIT_CHECKS: Readonly<Record<ExpiryUnit, UnitCheck>> = {
  seconds: (value, { unit }) => {
    const isMilliseconds =
      unit === 'bare' && value > WEEK_SECONDS && value % 1000 === 0 && value / 1000 <= WEEK_SECONDS
    return isMilliseconds
      ? `takes seconds, and is given ${value}: that is ${formatSeconds(value / 1000)} in milliseconds`
      : null
  },
  duration: (value, { unit }) =>
    unit === 'bare' && value > 0 ? `takes a duration, and is given the bare number ${value}` : null,
  moment: (value, { unit, isMoment }) => {
    if (isMoment) {
      return value < 10
        ? `takes a moment in milliseconds, and is given one ${value} seconds away`
        : null
    }
    return unit === 'bare' && value < SMALLEST_MOMENT
      ? `takes a moment, and is given the number ${value}, which lies in the past`
      : null
  },
}

function mistakenUnit(expiry: Amount, unit: ExpiryUnit): string | null {
  return UNIT_CHECKS[unit](expiry.value, expiry)
}
