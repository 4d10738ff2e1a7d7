/**
 * Comparison whose time depends on the lengths alone.
 *
 * @module
 */

/** True if the two texts are equal: for signatures in hex and base64. Length is not a secret: unequal lengths answer at once. */
export function equalText(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index += 1) {
    difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  }
  return difference === 0
}
