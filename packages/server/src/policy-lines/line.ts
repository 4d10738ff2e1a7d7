/** What there is to know of one line of a policy, and the kinds of which most lines are. */
import { Type } from 'typebox'
import type { TSchema } from 'typebox'

/** @typeParam Value What the line says. @typeParam Policy The lines that others say. */
export interface Line<Value, Policy> {
  /** In JSON, with a sentence for people. It lets more through than `check`, which says more. */
  readonly schema: TSchema
  /** What holds where an outer and an inner folder both say something. */
  readonly tighten: (outer: Value, inner: Value) => Value
  /** True if `inner` allows nothing that `outer` does not. */
  readonly isWithin: (inner: Value, outer: Value) => boolean
  /** Why no folder at all can say this; `null` if one can. */
  readonly check: (value: Value) => string | null
  /** No limit but a choice: the nearest folder's holds. */
  readonly isChoice?: boolean
  /** What holds for a folder where nobody above it says the line. */
  readonly unsaid?: (holds: Policy) => Value | undefined
}

/** A line that goes by its value alone. */
type Plain<Value> = Line<Value, unknown>

/** A limit: the lower one is the tighter. */
export function lower(min: number, max: number, description: string): Plain<number> {
  return {
    ...whole(min, max, description),
    tighten: Math.min,
    isWithin: (inner, outer) => inner <= outer,
  }
}

/** The higher one is the tighter. */
export function higher(min: number, max: number, description: string): Plain<number> {
  return {
    ...whole(min, max, description),
    tighten: Math.max,
    isWithin: (inner, outer) => inner >= outer,
  }
}

export function nearest(min: number, max: number, description: string): Plain<number> {
  return {
    ...whole(min, max, description),
    tighten: (_outer, inner) => inner,
    isWithin: () => true,
    isChoice: true,
  }
}

/** Once somebody asks for it, it is asked for everywhere below. */
export function demand(description: string): Plain<boolean> {
  return {
    schema: Type.Boolean({ description }),
    tighten: (outer, inner) => outer || inner,
    isWithin: (inner, outer) => inner || !outer,
    check: () => null,
  }
}

/** One of a few, the tightest first. */
export function ranked<Value extends string>(
  values: readonly Value[],
  description: string,
): Plain<Value> {
  const isWithin = (inner: Value, outer: Value): boolean =>
    values.indexOf(inner) <= values.indexOf(outer)
  return {
    schema: oneOf(values, { description }),
    tighten: (outer, inner) => (isWithin(inner, outer) ? inner : outer),
    isWithin,
    check: () => null,
  }
}

/** Some of a few: what is not named is not allowed. */
export function allowed<Value extends string>(
  values: readonly Value[],
  description: string,
): Plain<readonly Value[]> {
  return { ...narrowing<Value>(), schema: someOf(values, description), check: () => null }
}

/** Some of a few: who is named has a say. */
export function demanded<Value extends string>(
  values: readonly Value[],
  description: string,
): Plain<readonly Value[]> {
  return {
    schema: someOf(values, description),
    tighten: (outer, inner) => [...new Set([...outer, ...inner])],
    isWithin: (inner, outer) => outer.every((value) => inner.includes(value)),
    check: () => null,
  }
}

/** Of two lists, what both name. */
export function narrowing<Value extends string>(): Pick<
  Plain<readonly Value[]>,
  'tighten' | 'isWithin'
> {
  return {
    tighten: (outer, inner) => outer.filter((value) => inner.includes(value)),
    isWithin: (inner, outer) => inner.every((value) => outer.includes(value)),
  }
}

function whole(
  min: number,
  max: number,
  description: string,
): Pick<Plain<number>, 'schema' | 'check'> {
  const bounds = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
  return {
    schema: Type.Integer({ ...bounds, description }),
    check: (value) =>
      Number.isInteger(value) && value >= min && value <= max
        ? null
        : `it must be a whole number from ${min} to ${max}`,
  }
}

function oneOf(values: readonly string[], options: { readonly description?: string }): TSchema {
  return Type.Union(
    values.map((value) => Type.Literal(value)),
    options,
  )
}

function someOf(values: readonly string[], description: string): TSchema {
  return Type.Array(oneOf(values, {}), {
    maxItems: values.length,
    uniqueItems: true,
    description,
  })
}
