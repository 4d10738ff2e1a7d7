/** A reporter that only tells which tests were left out, and why: one line each, after all others. */
import type { EventData } from 'node:test'
import type { TestEvent } from 'node:test/reporters'

export default async function* leftOut(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const lines: string[] = []
  for await (const event of source) {
    if (event.type !== 'test:pass') continue
    const { name, skip }: EventData.TestPass = event.data
    if (skip === undefined || skip === false) continue
    lines.push(
      `left out: ${name} because ${skip === true || skip === '' ? 'no reason was given' : skip}\n`,
    )
  }
  yield* lines
}
