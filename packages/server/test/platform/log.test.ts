import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../conformance/lib/any-text.ts'
import { createLog } from '../../src/platform/log.ts'

const SIGNATURE = '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'

test('every line passes the redactor, and stays a line of JSON, whatever a client wrote', () => {
  const written: string[] = []
  const log = createLog('info', { write: (line) => void written.push(line) })
  const text = anyText({ maxLength: 40 })
  fc.assert(
    fc.property(text, text, (before, after) => {
      for (const link of [
        `?X-Amz-Credential=HP/20260314/us-east-1/s3/aws4_request&X-Amz-Signature=${SIGNATURE}`,
        `%3FX-Amz-Signature%3D${SIGNATURE}`,
        `?sv=2024-11-04&sig=${encodeURIComponent(Buffer.from(SIGNATURE, 'hex').toString('base64'))}`,
      ]) {
        written.length = 0
        log.info({ key: before + link + after, agent: after + link }, 's3')
        const [line = ''] = written
        const parsed = JSON.parse(line) as Record<string, unknown>
        assert.equal(parsed['msg'], 's3')
        assert.ok(!line.includes(SIGNATURE), line)
      }
    }),
    { numRuns: 300 },
  )
})

test('an error that quotes a link is redacted with its stack', () => {
  const written: string[] = []
  const log = createLog('info', { write: (line) => void written.push(line) })
  log.error({ err: new Error(`no answer for /a?X-Amz-Signature=${SIGNATURE}`) }, 'request failed')
  assert.ok(!written.join('').includes(SIGNATURE))
  assert.match(written.join(''), /no answer for/)
})
