/**
 * Checks the conditions of a form that is to be signed: what a service does not know would be refused there, or not be enforced.
 *
 * @module
 */

/** A condition as both services write it. */
export type V4PostCondition =
  | Readonly<Record<string, string>>
  | readonly ['eq' | 'starts-with', field: `$${string}`, value: string]
  | readonly ['content-length-range', minBytes: number, maxBytes: number]

/** The conditions, none for `undefined`. @throws {TypeError | RangeError} naming what cannot be used */
export function checkV4Conditions<Condition extends V4PostCondition>(
  conditions: readonly Condition[] | undefined,
): readonly Condition[] {
  for (const condition of conditions ?? []) {
    if (isList(condition)) checkList(condition)
    else checkExact(condition)
  }
  return conditions ?? []
}

function isList(condition: unknown): condition is readonly unknown[] {
  return Array.isArray(condition)
}

function checkList(condition: readonly unknown[]): void {
  const [kind, first, second] = condition
  if (condition.length === 3 && kind === 'content-length-range') {
    checkRange(first, second)
    return
  }
  if (condition.length !== 3 || (kind !== 'eq' && kind !== 'starts-with')) {
    throw new TypeError(
      `conditions: ${shown(kind)} is none of eq, starts-with and content-length-range with two values each`,
    )
  }
  if (typeof first !== 'string' || !/^\$./s.test(first) || typeof second !== 'string') {
    throw new TypeError(`conditions: ${kind} must have a field with a dollar, and a text`)
  }
}

function shown(kind: unknown): string {
  return typeof kind === 'string' ? kind.slice(0, 64) : 'a list'
}

function checkRange(min: unknown, max: unknown): void {
  if (isSize(min) && isSize(max) && min <= max) return
  throw new RangeError('conditions: content-length-range must have two sizes in order')
}

function isSize(size: unknown): size is number {
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
}

function checkExact(condition: unknown): void {
  const entries =
    typeof condition === 'object' && condition !== null ? Object.entries(condition) : []
  const [[field, value] = ['', undefined], ...others] = entries as [string, unknown][]
  if (typeof value !== 'string' || field === '') {
    throw new TypeError(`conditions: ${field.slice(0, 64) || 'each'} must be a field with a text`)
  }
  if (others.length > 0) throw new TypeError('conditions must have one field each')
}
