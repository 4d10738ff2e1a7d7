import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createTokenReader } from '../../../src/dialects/azure/read-token.ts'
import type { AzureTokenReader } from '../../../src/dialects/azure/read-token.ts'

const SIGNATURES = ['A'.repeat(43), 'B'.repeat(43)].map((text) => `sig=${text}%3D`)
const PIECES = [
  'sv=2026-04-06',
  'sv=2015-04-05',
  'sp=r',
  'sp=%72',
  'se=2026-03-14T10%3A00%3A00Z',
  'sr=b',
  'sr=c',
  'Sp=w',
  'ss=b',
  'comp=list',
  'other=1',
  'sig=short',
  '',
]

const targets = fc
  .tuple(
    fc.constantFrom('/box/a.txt', '/box/b&sig=x', '/box/a%0a'),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }),
    fc.constantFrom(...SIGNATURES),
    fc.array(fc.constantFrom(...PIECES, ...SIGNATURES), { maxLength: 1 }),
  )
  .map(
    ([path, pieces, signature, after]) => `${path}?${[...pieces, signature, ...after].join('&')}`,
  )

function outcome(read: AzureTokenReader, target: string): unknown {
  try {
    return read({ method: 'GET', target, headers: [] })
  } catch (error) {
    return String(error)
  }
}

test('a reader that has read other tokens reads each as if it were the first', () => {
  const property = fc.property(fc.array(targets, { minLength: 2, maxLength: 6 }), (list) => {
    const kept = createTokenReader()
    // Each twice: the second time it is known.
    for (const target of list.flatMap((one) => [one, one])) {
      assert.deepEqual(outcome(kept, target), outcome(createTokenReader(), target), target)
    }
  })
  fc.assert(property, { numRuns: 300 })
})
