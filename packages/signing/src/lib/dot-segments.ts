/**
 * Segments that clients fold before they send a path: `.` and `..`, their dots escaped or not.
 *
 * @module
 */
import { wrongOption } from './wrong-option.ts'

/** A signature over an encoded path with one would be one that no browser, `fetch` or proxy can use. @throws {TypeError} with the caller's name for the path */
export function refuseDotSegments(path: string, parameter: string): void {
  if (!FOLDED_SEGMENT.test(path)) return
  throw wrongOption(`${parameter} must be free of dot segments: clients fold them`)
}

// An escaped slash separates nothing for them, so it is left alone.
const FOLDED_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:$|\/)/i
