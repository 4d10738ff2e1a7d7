/** A reporter that only tells which tests were left out, and why: one line each, after all others. */
import type { TestEvent } from 'node:test/reporters'

/** The line of a test that was left out, `null` for any other event. */
export function leftOutLine(event: TestEvent): string | null {
  if (event.type !== 'test:pass') return null
  const { name, skip } = event.data
  if (skip === undefined || skip === false) return null
  const reason = skip === true || skip === '' ? 'no reason was given' : skip
  return `left out: ${name} because ${reason}\n`
}

export default async function* leftOut(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const lines: string[] = []
  for await (const event of source) {
    const line = leftOutLine(event)
    if (line !== null) lines.push(line)
  }
  yield* lines
}
