/** The tables of COVERAGE.md. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

export const ASKED_TITLE = 'asks for every operation that COVERAGE.md names'

export type Row = readonly string[]

/** The rows of the table below a heading, without its head. */
export function tableBelow(heading: string): Row[] {
  const text = readFileSync(new URL('../../COVERAGE.md', import.meta.url), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** Fails when the log of the client's server lacks an operation that COVERAGE.md says the client asks for. */
export function assertAsked(client: string, logText: string): void {
  const asked = new Set<string>()
  for (const [, operation = ''] of logText.matchAll(/"operation":"(\w+)"/g)) asked.add(operation)
  const missing = tableBelow('Operations')
    .filter(([, clients = '']) => clients.split(', ').includes(client))
    .map(([operation = '']) => operation)
    .filter((operation) => !asked.has(operation))
  assert.deepEqual(missing, [], 'operations that the log does not have')
}
