/**
 * The last answer of a function, for arguments that mostly repeat. It lives and dies with whoever holds the function that
 * comes out: make one a signer or verifier, never one a module.
 *
 * @module
 */

/** The same function, which does not run again for the argument it was called with last. */
export function keepLast<Argument extends string | number | undefined, Result>(
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  let last: { readonly argument: Argument; readonly result: Result } | null = null
  return (argument) => {
    if (last === null || last.argument !== argument) last = { argument, result: compute(argument) }
    return last.result
  }
}
