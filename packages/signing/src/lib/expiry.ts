/**
 * Starts and ends of life in epoch seconds, the form most tokens carry them in.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import { resolveNowMs } from './timestamp.ts'

/** When something signed stops working: exactly one of the two. */
export interface ExpiryOptions {
  /** Whole seconds from `now`, at least 1. */
  readonly expiresInSeconds?: number
  /** A moment; a fraction of a second is cut off. */
  readonly expiresAt?: Date
  /** The clock of `expiresInSeconds`; the system's by default. */
  readonly now?: Date
}

/** The end of life in epoch seconds. Missing, doubled or impossible options are `TypeError` or `RangeError`. */
export function resolveExpiry(options: ExpiryOptions): number {
  const { expiresAt, expiresInSeconds } = options
  if ((expiresAt === undefined) === (expiresInSeconds === undefined)) {
    throw new TypeError('exactly one of expiresInSeconds and expiresAt must be given')
  }
  if (expiresAt !== undefined) return toEpochSeconds(expiresAt, 'expiresAt')
  if (!Number.isSafeInteger(expiresInSeconds) || (expiresInSeconds ?? 0) < 1) {
    throw new RangeError('expiresInSeconds must be a whole number of seconds, at least 1')
  }
  const seconds = Math.floor(resolveNowMs(options.now) / 1000) + (expiresInSeconds ?? 0)
  if (!(seconds > 0 && seconds <= MAX_DATE_SECONDS)) throw notADate('expiresInSeconds')
  return seconds
}

/** Epoch seconds of a date after 1970, the fraction cut off. */
export function toEpochSeconds(date: Date, parameter: string): number {
  const seconds = Math.floor(date.getTime() / 1000)
  if (!(seconds > 0)) throw notADate(parameter)
  return seconds
}

// The last moment a `Date` can hold.
const MAX_DATE_SECONDS = 8_640_000_000_000

function notADate(parameter: string): RangeError {
  return new RangeError(`${parameter} must be a valid Date after 1970`)
}

const MAX_EPOCH_DIGITS = 12

/** The seconds behind plain decimal digits; signs, fractions, exponents, blanks and leading zeros are refused. */
export function parseEpochSeconds(text: string, parameter: string): number {
  let seconds = 0
  let isNumber = text.length > 0 && text.length <= MAX_EPOCH_DIGITS
  for (let index = 0; isNumber && index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 48
    isNumber = digit >= 0 && digit <= 9 && (seconds > 0 || index === 0)
    seconds = seconds * 10 + digit
  }
  if (!isNumber) {
    throw new SigningError('parameter-malformed', `${parameter} is not a time in epoch seconds`, {
      parameter,
      reason: 'expected epoch seconds in plain decimal digits',
    })
  }
  return seconds
}

/** Refuses what has ended. The second named is the last one that counts. */
export function assertNotExpired(expiresSeconds: number, now: Date): void {
  if (now.getTime() > expiresSeconds * 1000) {
    throw new SigningError('signature-expired', 'the signature has expired', {
      expiredAt: new Date(expiresSeconds * 1000),
      now,
    })
  }
}

/** Refuses what has not begun. */
export function assertStarted(startsSeconds: number, now: Date): void {
  if (now.getTime() < startsSeconds * 1000) {
    throw new SigningError('signature-not-yet-valid', 'the signature is not valid yet', {
      validFrom: new Date(startsSeconds * 1000),
      now,
    })
  }
}
