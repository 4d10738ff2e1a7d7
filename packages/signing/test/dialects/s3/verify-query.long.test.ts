/** Presigned S3 requests in linear time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasS3Authentication } from '../../../src/s3.ts'
import { presign, refusal, toRequest, verify } from './support.ts'

const presigned = presign()
const request = toRequest(presigned)

test('hostile queries are refused in linear time, or this test would never end', () => {
  const long = 'a&'.repeat(100_000)
  for (const query of [
    long,
    'x-amz-a='.repeat(20_000),
    Array.from({ length: 20_000 }, (_, index) => `x-amz-${index}`).join('&'),
    '='.repeat(100_000),
    '&'.repeat(100_000),
    '%41'.repeat(50_000),
  ]) {
    refusal('signature-missing', () => verify({ ...request, target: `/a?${query}` }))
    assert.equal(hasS3Authentication({ target: `/a?${query}`, headers: [] }), 'none')
    refusal('signature-mismatch', () =>
      verify({ ...request, target: `${request.target}&${query}&more` }),
    )
  }
})
