/** XML bodies in linear time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLinearTime } from '../../../../../../conformance/lib/linear-time.ts'
import { parseXml } from '../../../../src/api/s3/uploads/parse-xml.ts'
import { S3Refusal } from '../../../../src/api/s3/errors/s3-refusal.ts'

function isMalformed(error: unknown): boolean {
  return error instanceof S3Refusal && error.code === 'xml-malformed'
}

test('whatever a body is full of, it is read or refused in time that grows with its length', () => {
  const read = (xml: string): void => {
    try {
      parseXml(xml, 1_000_000)
    } catch (error) {
      assert.ok(isMalformed(error))
    }
  }
  for (const filler of [
    '&#13;',
    '&',
    '<',
    '>',
    '<b>',
    '<b/>',
    '<!--',
    '<![CDATA[',
    '<?',
    '"',
    ' ',
    '<b c="',
    ']]>',
  ]) {
    const filled = (length: number): string => `<a>${filler.repeat(length / filler.length)}</a>`
    // Four times the length; what grows with the square takes sixteen times as long.
    const texts = { short: filled(1 << 15), long: filled(1 << 17) }
    assertLinearTime(read, { ...texts, factor: 10 }, filler)
  }
})
