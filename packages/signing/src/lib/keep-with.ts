/**
 * What follows from an object, worked out once as long as the object lives. It lives and dies with whoever holds the function that
 * comes out: make one a signer or verifier, never one a module.
 *
 * @module
 */

/** The same function, which runs once for each object. What it throws is not kept. */
export function keepWith<Owner extends object, Result extends object>(
  compute: (owner: Owner) => Result,
): (owner: Owner) => Result {
  const results = new WeakMap<Owner, Result>()
  return (owner) => {
    let result = results.get(owner)
    if (result === undefined) {
      result = compute(owner)
      results.set(owner, result)
    }
    return result
  }
}
