/** docs/alerts.md has every rule, with the thresholds that hold unless somebody sets others. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { DEFAULT_THRESHOLDS, WATCH_RULES } from '../../../src/core/watch/thresholds.ts'

const page = readFileSync(new URL('../../../../../docs/alerts.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| (`[^|]+`) \| [^|]+ \| ([^|]+) \|$/gm)]
const BYTES_OF_GIB = 1024 ** 3

test('every rule is documented, and every documented rule exists', () => {
  const documented = rows.flatMap(([, rules = '']) => rules.replaceAll('`', '').split(', '))
  assert.deepEqual(documented.toSorted(), [...WATCH_RULES].toSorted())
})

test('every threshold is documented with its number, and no other', () => {
  const documented = rows.flatMap(([, , unlessSet = '']) =>
    [...unlessSet.matchAll(/`(\w+)` (\d+)( GiB)?/g)].map(([, name = '', number, unit]) => [
      name,
      Number(number) * (unit === undefined ? 1 : BYTES_OF_GIB),
    ]),
  )
  assert.deepEqual(Object.fromEntries(documented), DEFAULT_THRESHOLDS)
})
