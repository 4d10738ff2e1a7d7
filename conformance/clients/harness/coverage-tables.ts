/** The tables of COVERAGE.md. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PATIENCE_MS } from '../../lib/patience.ts'

export const ASKED_TITLE = 'asks for every operation that COVERAGE.md names'

const ASK_EVERY_MS = 100

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

/**
 * Fails when the log of the client's server lacks an operation that COVERAGE.md says the client asks for. A line comes after its answer,
 * and from another process a moment later.
 */
export async function assertAsked(client: string, readLog: () => string): Promise<void> {
  const named = tableBelow('Operations')
    .filter(([, clients = '']) => clients.split(', ').includes(client))
    .map(([operation = '']) => operation)
  const listMissing = (): string[] =>
    named.filter((operation) => !readLog().includes(`"operation":"${operation}"`))
  const giveUpAt = performance.now() + PATIENCE_MS
  while (listMissing().length > 0 && performance.now() < giveUpAt) await sleep(ASK_EVERY_MS)
  assert.deepEqual(listMissing(), [], 'operations that the log does not have')
}
