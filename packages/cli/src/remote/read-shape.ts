/**
 * Reads answers of a server, which may be something else than it should.
 *
 * @module
 */

/** An answer that is not what was asked for. */
export class UnexpectedShape extends Error {
  override readonly name: string = 'UnexpectedShape'
}

/** A member of an object; `undefined` where there is none, and of anything that is no object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

export function textOf(value: unknown, name: string): string {
  const member = memberOf(value, name)
  if (typeof member === 'string') return member
  throw new UnexpectedShape(name)
}

export function textOrNullOf(value: unknown, name: string): string | null {
  return memberOf(value, name) === null ? null : textOf(value, name)
}

export function numberOf(value: unknown, name: string): number {
  const member = memberOf(value, name)
  if (typeof member === 'number') return member
  throw new UnexpectedShape(name)
}

export function listOf<T>(value: unknown, name: string, read: (item: unknown) => T): T[] {
  const member = memberOf(value, name)
  if (Array.isArray(member)) return member.map((item: unknown) => read(item))
  throw new UnexpectedShape(name)
}

export function readText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new UnexpectedShape('text')
}

/** What follows a change of which there is nothing to say: 204. A server of another kind that agrees to everything says more, or another status. */
export function readNothing(answer: unknown): null {
  if (answer === undefined) return null
  throw new UnexpectedShape('204')
}
