/**
 * Tells what a signed URL says of itself: the dialect, what it opens, to whom, from when until when.
 * Needs no key and verifies nothing.
 *
 * @module
 */
import type { DialectName } from './dialects.ts'
import { DIALECTS } from './dialects.ts'
import type { Detection as DetectionAs } from './facts/dialect-facts.ts'
import { observeRequest } from './facts/observe-request.ts'
import type { ExplainableRequest } from './facts/observe-request.ts'

/** What a signed URL, form, cookie or header says of itself. Nothing here is verified. */
export type Detection = DetectionAs<DialectName>

/**
 * What the URL (or a request with signed headers, cookies or a POST form) says of itself, or `null` if
 * it carries no signature of a known dialect. Never throws, and needs time linear in the length of the text.
 */
export function detect(input: string | ExplainableRequest): Detection | null {
  const request = observeRequest(input)
  for (const { decode } of DIALECTS) {
    const detection = decode(request)
    if (detection !== null) return detection
  }
  return null
}
