/**
 * What the inspectors of every language say alike of a call.
 *
 * @module
 */
import type { Call } from './calls.ts'

/** The call's name for people, and where it stands. */
export function callPlace(call: Call, api: string): { api: string; start: number; end: number } {
  return { api, start: call.start, end: call.end }
}

/** The methods that permissions of Azure open, by their letters: `rd` GET and DELETE. */
export function methodsOfLetters(letters: string): string[] {
  return [
    ...(/[rl]/.test(letters) ? ['GET'] : []),
    ...(/[acw]/.test(letters) ? ['PUT'] : []),
    ...(/[dxy]/.test(letters) ? ['DELETE'] : []),
  ]
}

/** The method an AWS command, an AWS v2 operation or a Google action stands for. */
export function methodOfOperation(operation: string): string {
  const name = operation.toLowerCase()
  if (/^(?:put|upload|write|create)/.test(name)) return 'PUT'
  if (name.startsWith('delete')) return 'DELETE'
  if (/^(?:resumable|post)/.test(name)) return 'POST'
  return name.startsWith('head') ? 'HEAD' : 'GET'
}
