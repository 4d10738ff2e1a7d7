/** Lists of media types and families such as `image/*`: whether one lies within another, and what two have in common. */
import { Type } from 'typebox'
import type { TString } from 'typebox'

/** A media type, or a family such as `image/*`. */
export const TypeRange: TString = Type.String({
  pattern: '^[A-Za-z0-9!#$&^_.+-]{1,127}/(?:[A-Za-z0-9!#$&^_.+-]{1,127}|\\*)$',
})

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
