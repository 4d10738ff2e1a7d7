/**
 * What is left to be done about a `Content-Disposition` that somebody else wrote.
 */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** The marks of DIRECTION as escapes of `filename*`. */
const WRITTEN_DIRECTION = /%D8%9C|%E2%80%(?:8[EF]|A[A-E])|%E2%81%A[6-9]/gi

/** A disposition that somebody else wrote, without what would turn the reading direction of its names. */
export function withoutDirectionMarks(disposition: string): string {
  const clean = disposition.replace(WRITTEN_DIRECTION, '').replace(DIRECTION, '')
  // What stood around a mark may make another.
  return clean === disposition ? clean : withoutDirectionMarks(clean)
}
