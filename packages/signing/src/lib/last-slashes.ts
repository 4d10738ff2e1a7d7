/**
 * Paths without the slashes at their end.
 *
 * @module
 */

/** A pattern for them would begin anew at each slash of a run in the middle, and the path may be a stranger's. */
export function withoutLastSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
