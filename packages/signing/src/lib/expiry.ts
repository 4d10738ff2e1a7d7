/**
 * Starts and ends of life in epoch seconds, the form most tokens carry them in.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import type { Clock, ClockOptions } from '../types.ts'
import { isDate, resolveNowMs } from './timestamp.ts'
import { outOfRange, wrongOption } from './wrong-option.ts'

/** When something signed stops working: exactly one of the two. */
export type ExpiryOptions = ExpiryInSeconds | ExpiryMoment

/** The same for what can say it elsewhere, or need not end. */
export type OptionalExpiry = ExpiryOptions | NoExpiry

interface ExpiryInSeconds extends ClockOptions {
  /** Whole seconds from `now`, at least 1. */
  readonly expiresInSeconds: number
  readonly expiresAt?: undefined
}

interface ExpiryMoment extends ClockOptions {
  /** A moment; a fraction of a second is cut off. */
  readonly expiresAt: Date
  readonly expiresInSeconds?: undefined
}

interface NoExpiry extends ClockOptions {
  readonly expiresAt?: undefined
  readonly expiresInSeconds?: undefined
}

/**
 * The end of life in epoch seconds, by the clock of the options or else by that of their signer. Missing, doubled or
 * impossible options are `TypeError` or `RangeError`.
 */
export function resolveExpiry(options: OptionalExpiry, clock?: Clock): number {
  const { expiresAt, expiresInSeconds } = options
  assertOneEnd(options)
  if (expiresAt !== undefined) return toEpochSeconds(expiresAt, 'expiresAt')
  if (!Number.isSafeInteger(expiresInSeconds) || (expiresInSeconds ?? 0) < 1) {
    throw outOfRange('expiresInSeconds must be a whole number of seconds, at least 1')
  }
  const seconds = Math.floor(resolveNowMs(options.now ?? clock) / 1000) + (expiresInSeconds ?? 0)
  return toEpochSeconds(new Date(seconds * 1000), 'expiresInSeconds')
}

function assertOneEnd({ expiresAt, expiresInSeconds }: OptionalExpiry): void {
  if ((expiresAt === undefined) === (expiresInSeconds === undefined)) {
    throw wrongOption('exactly one of expiresInSeconds and expiresAt must be given')
  }
}

/**
 * The life in whole seconds of what carries its start and its length, from 1 to `maxSeconds`. Missing, doubled or
 * impossible options are `TypeError` or `RangeError`.
 */
export function resolveLifeSeconds(
  options: OptionalExpiry,
  nowMs: number,
  maxSeconds: number,
): number {
  const { expiresAt, expiresInSeconds } = options
  assertOneEnd(options)
  const seconds =
    expiresAt === undefined
      ? (expiresInSeconds ?? 0)
      : toEpochSeconds(expiresAt, 'expiresAt') - Math.floor(nowMs / 1000)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= maxSeconds) return seconds
  throw outOfRange(
    expiresAt === undefined
      ? `expiresInSeconds must be a whole number from 1 to ${maxSeconds}`
      : `expiresAt must be 1 to ${maxSeconds} seconds after now`,
  )
}

/** Epoch seconds of a date after 1970, the fraction cut off. */
export function toEpochSeconds(date: Date, parameter: string): number {
  if (!isDate(date)) throw wrongOption(`${parameter} must be a Date`)
  const seconds = Math.floor(date.getTime() / 1000)
  if (!(seconds > 0)) throw outOfRange(`${parameter} must be a valid Date after 1970`)
  return seconds
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
