/** What the runner of the vectors uses of `node:assert/strict`, for runtimes that have none. */
import { dequal } from 'dequal'

function fail(problem: string): never {
  throw new Error(problem)
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}

const assert = {
  fail,
  ok(value: unknown, problem = 'not true'): void {
    if (!value) fail(problem)
  },
  equal(actual: unknown, expected: unknown, problem = ''): void {
    if (!Object.is(actual, expected)) fail(`${problem} ${show(actual)} is not ${show(expected)}`)
  },
  deepEqual(actual: unknown, expected: unknown, problem = ''): void {
    if (!dequal(actual, expected)) fail(`${problem} ${show(actual)} is not ${show(expected)}`)
  },
  match(text: string, pattern: RegExp): void {
    if (!pattern.test(text)) fail(`${show(text)} does not match ${pattern.source}`)
  },
}

// Stands in for a module of Node, which has this form.
// oxlint-disable-next-line import/no-default-export
export default assert
