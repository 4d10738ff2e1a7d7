/** docs/events.md has every kind of event, below what it is: a change or a use. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CHANGE_KINDS, USE_KINDS } from '../../../src/catalog/tables/events.ts'

const page = readFileSync(new URL('../../../../../docs/events.md', import.meta.url), 'utf8')

function readKinds(heading: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const cells = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell)
  return cells.flatMap((cell) => cell.replaceAll('`', '').split(', '))
}

test('every kind of change is documented, and every documented one exists', () => {
  // A file that waited is refused in a transaction; one that never came in is not.
  const documented = readKinds('Changes').filter((kind) => kind !== 'upload.rejected')
  assert.deepEqual(documented.toSorted(), CHANGE_KINDS.toSorted())
})

test('every kind of use is documented, and every documented one exists', () => {
  assert.deepEqual(readKinds('Uses').toSorted(), USE_KINDS.toSorted())
})
