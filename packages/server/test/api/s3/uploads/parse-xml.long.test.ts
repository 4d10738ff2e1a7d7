/** XML bodies in linear time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseXml } from '../../../../src/api/s3/uploads/parse-xml.ts'
import { S3Refusal } from '../../../../src/api/s3/errors/s3-refusal.ts'

function isMalformed(error: unknown): boolean {
  return error instanceof S3Refusal && error.code === 'xml-malformed'
}

test('whatever a body is full of, it is read or refused in time that grows with its length', () => {
  const halves = (filler: string): readonly [number, number] => {
    const cost = (length: number): number => {
      const xml = `<a>${filler.repeat(length / filler.length)}</a>`
      const before = process.cpuUsage()
      try {
        parseXml(xml, 1_000_000)
      } catch (error) {
        assert.ok(isMalformed(error))
      }
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    cost(1 << 13)
    return [cost(1 << 15), cost(1 << 17)]
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
    const [quarter, whole] = halves(filler)
    // Four times the length; what grows with the square takes sixteen times as long.
    assert.ok(whole < quarter * 10 + 50_000, `${filler}: ${quarter} and ${whole} microseconds`)
  }
})
