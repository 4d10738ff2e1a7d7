/** How many rows a page reads: what lies under a common prefix is stepped over. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareKeys } from '../../src/catalog/key-order.ts'
import { listPage } from '../../src/catalog/list-page.ts'
import { runReady } from '../../src/catalog/sqlite/statement.ts'

interface Reads {
  count: number
  rows: number
}

/** `folders` folders with `each` keys in each. */
function pageOf(folders: number, each: number, after: string): Reads & { entries: number } {
  const reads: Reads = { count: 0, rows: 0 }
  const keys = Array.from({ length: folders * each }, (_, at) => {
    const folder = String(Math.floor(at / each)).padStart(6, '0')
    return { key: `${folder}/${String(at % each).padStart(6, '0')}` }
  })
  const page = listPage(
    { prefix: '', delimiter: '/', after, afterPlace: null, limit: 100 },
    {
      // oxlint-disable-next-line require-yield -- the rows are there
      *read({ key: from }, end, limit) {
        const start = keys.findIndex(({ key }) => compareKeys(key, from) >= 0)
        const rows = start === -1 ? [] : keys.slice(start, start + limit)
        reads.count += 1
        reads.rows += rows.length
        return rows.filter(({ key }) => end === null || compareKeys(key, end) < 0)
      },
      placeOf: () => null,
      toEntry: (row: { readonly key: string }) => row,
    },
  )
  const { entries } = runReady(page)
  return { ...reads, entries: entries.length }
}

describe('a page of common prefixes', () => {
  test('costs the same with 50 as with 400 keys in each', () => {
    const few = pageOf(200, 50, '')
    const many = pageOf(200, 400, '')
    assert.equal(many.entries, 100)
    assert.deepEqual(many, few)
    assert.ok(many.rows <= 400, `${many.rows} rows for 100 entries`)
  })

  test('costs the same in the middle as at the start', () => {
    const start = pageOf(300, 200, '')
    const middle = pageOf(300, 200, '000150/000100')
    assert.deepEqual(middle, start)
  })

  test('reads single files in large steps', () => {
    const flat = pageOf(200, 1, '')
    assert.ok(flat.count <= 8, `${flat.count} reads for 100 entries`)
  })
})
