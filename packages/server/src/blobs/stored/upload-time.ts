/**
 * How long one write may take. A store dates an object that came in parts by when they began to come, and an upload by the same: what is
 * younger than this may be under way, or have come to its end a moment ago and be about to be spoken of.
 */
import { DAY_MS } from '../../platform/durations.ts'

/** A body of 5 GiB at 256 kbit a second. */
export const LONGEST_WRITE_MS: number = 2 * DAY_MS
