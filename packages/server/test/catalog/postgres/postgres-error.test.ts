/** What each class of SQLSTATE becomes: whatever a retry would mend asks for one, and only a bug of ours is an internal error. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseError } from 'pg'
import {
  endsConnection,
  isInTheWay,
  toStoreError,
} from '../../../src/catalog/postgres/postgres-error.ts'
import { StoreError } from '../../../src/platform/store-errors.ts'
import type { StoreFault } from '../../../src/platform/store-errors.ts'

/** Codes of every class that a server, a standby or a pooler says of a statement. */
const CODES: Readonly<Record<StoreFault | 'bug', readonly string[]>> = {
  unavailable: codesOf(
    '08000 08001 08003 08004 08006 08007 08P01 25000 25001 25006 25P01 25P02 25P03 25P04 26000 34000',
    '28000 28P01 3D000 40000 40001 40002 40003 40P01 53000 53200 53300 53400 55000 55006 55P02 55P03 55P04',
    '57000 57014 57P01 57P02 57P03 57P04 57P05 58000 58030 58P01 58P02 58P03 72000 XX000',
  ),
  full: ['53100'],
  refused: [],
  conflict: ['23505'],
  corrupt: ['XX001', 'XX002'],
  bug: codesOf(
    '03000 0A000 0F000 21000 22000 22003 22021 22P02 22P05 23000 23502 23503 23514 23P01 24000 27000',
    '2200B 2F000 38000 39000 3B000 3F000 42501 42601 42703 42804 42P01 44000 54000 54001 F0000 HV000 P0001',
  ),
}
const ENDED: readonly string[] = codesOf(
  '08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 57P01 57P02 57P03 57P04 57P05',
)

function codesOf(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '))
}

function errorOf(code: string): DatabaseError {
  const error = new DatabaseError('said by the database', 0, 'error')
  error.code = code
  return error
}

for (const [fault, codes] of Object.entries(CODES)) {
  test(`${fault} is what comes of ${codes.length} codes`, () => {
    for (const code of codes) {
      const said = errorOf(code)
      const error = toStoreError(said)
      if (fault === 'bug') assert.equal(error, said, code)
      else assert.ok(error instanceof StoreError && error.fault === fault, code)
    }
  })
}

test('a connection is given up for what ended it, and for nothing else', () => {
  const all = Object.values(CODES).flat()
  assert.deepEqual(
    all.filter((code) => endsConnection(errorOf(code))),
    ENDED,
  )
})

test('a transaction that got into the way of another is told from others, also by what it became', () => {
  const all = Object.values(CODES).flat()
  const inTheWay = (error: unknown): boolean => isInTheWay(error)
  assert.deepEqual(
    all.filter((code) => inTheWay(errorOf(code))),
    ['40001', '40P01'],
  )
  assert.deepEqual(
    all.filter((code) => inTheWay(toStoreError(errorOf(code)))),
    ['40001', '40P01'],
  )
})
