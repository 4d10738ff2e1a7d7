/**
 * Options as commander gives them hold `undefined` for what was not given; libraries want the member left out.
 *
 * @module
 */

type Optional<T> = {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }

/** The record without its undefined members. */
export function compact<T extends object>(record: T): Required<T> & Optional<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as Required<T> & Optional<T>
}
