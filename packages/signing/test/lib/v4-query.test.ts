import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { QUERY_NAMES } from '../../src/dialects/s3/params.ts'
import { createV4QueryReader } from '../../src/lib/v4-query.ts'
import type { V4QueryReader } from '../../src/lib/v4-query.ts'

const PIECES = [
  'X-Amz-Algorithm=AWS4-HMAC-SHA256',
  'X-Amz-Algorithm=AWS4-HMAC-SHA25%36',
  'X-Amz-Credential=AKID%2F20260314%2Fus-east-1%2Fs3%2Faws4_request',
  'X-Amz-Credential=AKID%2f20260314%2Fus-east-1%2Fs3%2Faws4_request',
  'X-Amz-Credential=OTHER%2F20260314%2Fus-east-1%2Fs3%2Faws4_request',
  'X-Amz-Credential=%FF',
  'X-Amz-Date=20260314T092653Z',
  'X-Amz-Expires=300',
  'X-Amz-SignedHeaders=host',
  'X-Amz-Signature=00ff',
  'x-amz-credential=AKID',
  'a=1',
  'a=%2f',
  'versionId=null',
  '',
]

const queries = fc.oneof(
  // As signers write it, with something of it missing now and then, and something behind.
  fc
    .tuple(
      fc.subarray(PIECES.slice(0, 10), { minLength: 4 }),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 2 }),
    )
    .map(([head, tail]) => [...head, ...tail].join('&')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('&')),
)

function outcome(read: V4QueryReader, query: string): unknown {
  try {
    return read(query)
  } catch (error) {
    return String(error)
  }
}

test('a reader that has read other queries reads each as if it were the first', () => {
  const property = fc.property(fc.array(queries, { minLength: 2, maxLength: 6 }), (list) => {
    const kept = createV4QueryReader(QUERY_NAMES)
    for (const query of list) {
      const fresh = createV4QueryReader(QUERY_NAMES)
      assert.deepEqual(outcome(kept, query), outcome(fresh, query), query)
    }
  })
  fc.assert(property, { numRuns: 300 })
})
