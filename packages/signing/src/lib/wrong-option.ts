/**
 * What callers are told of an option that cannot be used. A call is shorter than `new TypeError`, some thirty times in what signs for S3.
 *
 * @module
 */

/** The message begins with the name of the option. */
export function wrongOption(message: string): TypeError {
  return new TypeError(message)
}

/** The same for a value of the right kind that is not one of those it can have. */
export function outOfRange(message: string): RangeError {
  return new RangeError(message)
}
