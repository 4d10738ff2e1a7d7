/** Lists of media types and families such as `image/*`: whether one lies within another, and what two have in common. */

/** True if every range of `inner` is one of `outer`, or in a family there. */
export function areTypesWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((range) => isWithinAny(range, outer))
}

/** What both allow; empty if that is nothing. */
export function narrowTypes(a: readonly string[], b: readonly string[]): readonly string[] {
  const inB = a.filter((range) => isWithinAny(range, b))
  const inA = b.filter((range) => isWithinAny(range, a) && !isWithinAny(range, inB))
  return [...inB, ...inA]
}

function isWithinAny(range: string, outer: readonly string[]): boolean {
  return outer.some((other) => isRangeWithin(range.toLowerCase(), other.toLowerCase()))
}

function isRangeWithin(range: string, outer: string): boolean {
  return range === outer || (outer.endsWith('/*') && range.startsWith(outer.slice(0, -1)))
}
