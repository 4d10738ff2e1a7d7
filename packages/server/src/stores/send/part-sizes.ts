/** How large the parts are in which a large object goes to a store. */

const MIB = 1024 * 1024
/** Of uploads whose size fits into as many parts as there may be. */
const PART_BYTES = 8 * MIB
/** Where nobody knows the size the parts grow: after so many parts they are twice as large. */
const GROWS_AFTER = 1000
const LARGEST_PART_BYTES = 128 * MIB

/** Of the part with this number, from 1, of an object of so many bytes, which may go in so many parts; `null`: nobody knows its size. */
export function partBytes(number: number, size: number | null, maxParts: number): number {
  if (size === null) {
    return Math.min(LARGEST_PART_BYTES, PART_BYTES * 2 ** Math.floor((number - 1) / GROWS_AFTER))
  }
  return Math.max(PART_BYTES, Math.ceil(size / maxParts / MIB) * MIB)
}
