/**
 * A reporter for the inner loop, whose tests pass without a line each: the closing lines of node's own reports, and the
 * processor time, because that is what the loop has a budget of.
 */
import process from 'node:process'
import type { TestEvent } from 'node:test/reporters'

const COUNTS = ['tests', 'suites', 'passed', 'failed', 'cancelled', 'skipped', 'todo'] as const
const NAMES: Readonly<Record<string, string>> = { passed: 'pass', failed: 'fail' }

export default async function* closingLines(
  source: AsyncIterable<TestEvent>,
): AsyncGenerator<string> {
  let summary = ''
  for await (const event of source) {
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue
    const { counts, duration_ms: duration } = event.data
    const lines = COUNTS.map((name) => `ℹ ${NAMES[name] ?? name} ${counts[name]}`)
    summary = `\n${lines.join('\n')}\nℹ duration_ms ${duration}\n`
  }
  const { user, system } = process.cpuUsage()
  yield `${summary}ℹ processor seconds ${((user + system) / 1e6).toFixed(1)}\n`
}
