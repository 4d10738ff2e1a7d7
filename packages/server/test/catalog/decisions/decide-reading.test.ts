import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decideReading, endReading } from '../../../src/catalog/decisions/decide-reading.ts'
import type { Piece } from '../../../src/catalog/decisions/pieces.ts'
import type { Reading } from '../../../src/catalog/records.ts'
import { askFor } from '../../suites/catalog-fixture.ts'

const SIZE = 10

interface Try {
  readonly piece: Piece
  /** After how many bytes it broke off; `null` if it arrived. */
  readonly breaksAfter: number | null
}

const tries = fc.array(
  fc
    .tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1), fc.option(fc.nat(SIZE), { freq: 2 }))
    .map(([a, b, breaksAfter]): Try => ({
      piece: [Math.min(a, b), Math.max(a, b)],
      breaksAfter,
    })),
  { maxLength: 60 },
)

/** What a client that does its worst with one use gets: how often each byte arrived for certain, and how many were sent. */
function abuse(all: readonly Try[]): { readonly arrived: number[]; readonly sent: number } {
  const arrived = Array.from({ length: SIZE }, () => 0)
  let reading: Reading | null = null
  let uses = 0
  let sent = 0
  for (const { piece, breaksAfter } of all) {
    const decision = decideReading(
      { maxUses: 1, uses, reading },
      askFor('g', { size: SIZE, piece }),
    )
    assert.notEqual(decision.outcome, 'under-way')
    if (decision.outcome !== 'begun') continue
    uses += decision.uses
    const { answer } = decision.reading
    assert.ok(answer !== null)
    const length = piece[1] - piece[0] + 1
    const sentBytes = Math.min(length, breaksAfter ?? length)
    sent += sentBytes
    if (breaksAfter === null)
      for (let at = piece[0]; at <= piece[1]; at += 1) arrived[at] = (arrived[at] ?? 0) + 1
    reading = endReading(decision.reading, answer, {
      sentBytes,
      arrived: breaksAfter === null,
      endedAt: 600,
    })
  }
  assert.ok(uses <= 1)
  return { arrived, sent }
}

test('whatever a client does with one use, it is sent no more than four times the file', () => {
  fc.assert(
    fc.property(tries, (all) => {
      assert.ok(abuse(all).sent <= 4 * SIZE)
    }),
    { numRuns: 2000 },
  )
})

test('as long as nothing breaks off, one use gives no byte twice', () => {
  fc.assert(
    fc.property(tries, (all) => {
      const { arrived } = abuse(all.map(({ piece }) => ({ piece, breaksAfter: null })))
      assert.ok(arrived.every((times) => times <= 1))
    }),
    { numRuns: 2000 },
  )
})

test('who goes on where an answer broke off gets the file whole with one use, however often it breaks', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 9 }), (steps) => {
      let reading: Reading | null = null
      let uses = 0
      let start = 0
      for (const step of [...steps, SIZE]) {
        const piece: Piece = [start, SIZE - 1]
        const ask = askFor('g', { size: SIZE, piece, maxSentBytes: 100 * SIZE })
        const decision = decideReading({ maxUses: 1, uses, reading }, ask)
        assert.ok(decision.outcome === 'begun' && decision.reading.answer !== null)
        uses += decision.uses
        const arrived = start + step >= SIZE
        const sentBytes = Math.min(step, SIZE - start)
        reading = endReading(decision.reading, decision.reading.answer, {
          sentBytes,
          arrived,
          endedAt: 600,
        })
        if (arrived) break
        start += step
      }
      assert.deepEqual([uses, reading], [1, null])
    }),
  )
})
