/**
 * A reporter for the inner loop, whose tests pass without a line each: what was left out, the closing lines of node's own
 * reports, and the processor time, because that is what the loop has a budget of.
 */
import process from 'node:process'
import type { TestEvent } from 'node:test/reporters'
import { leftOutLine } from './left-out.ts'

export default async function* closingLines(
  source: AsyncIterable<TestEvent>,
): AsyncGenerator<string> {
  let leftOut = ''
  let summary = ''
  for await (const event of source) {
    leftOut += leftOutLine(event) ?? ''
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue
    const { counts, duration_ms: duration } = event.data
    const { tests, suites, passed, cancelled, skipped, todo } = counts
    const failed = tests - passed - cancelled - skipped - todo
    const lines = Object.entries({
      tests,
      suites,
      pass: passed,
      fail: failed,
      cancelled,
      skipped,
      todo,
      duration_ms: duration,
    }).map(([name, count]) => `ℹ ${name} ${count}`)
    summary = `${lines.join('\n')}\n`
  }
  const { user, system } = process.cpuUsage()
  yield `\n${leftOut}${summary}ℹ processor seconds ${((user + system) / 1e6).toFixed(1)}\n`
}
