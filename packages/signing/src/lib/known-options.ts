/**
 * Refuses what means nothing in a policy: a limit under a name that nobody reads is no limit.
 *
 * @module
 */

/** @throws {TypeError} with the name of the first member that is not known */
export function refuseUnknown(
  options: object,
  known: ReadonlySet<string>,
  parameter = 'options',
): void {
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown === undefined) return
  throw new TypeError(`${parameter} must not hold ${unknown.slice(0, 64)}: it means nothing here`)
}
