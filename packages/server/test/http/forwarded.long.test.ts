/** Headers of proxies in linear time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseForwarded, parseForwardedFor } from '../../src/http/forwarded.ts'

test('neither takes longer than its length, whatever fills it', () => {
  const fillers = [
    ' ',
    '\t',
    ',',
    ';',
    '"',
    '\\',
    'a',
    'a=',
    'for=',
    '[',
    ':',
    '="',
    '\\"',
    ', ',
    'for="',
  ]
  for (const filler of fillers) {
    for (const start of ['', 'for=', 'for="', 'for=1.2.3.4']) {
      const time = (length: number): number => {
        const text = start + filler.repeat(length / filler.length)
        const before = process.cpuUsage()
        for (let count = 0; count < 4; count += 1) {
          parseForwarded(text)
          parseForwardedFor(text)
        }
        const { user } = process.cpuUsage(before)
        return user / 4000
      }
      // 16 KiB is all that headers may take. Quadratic work over 256 KiB would be minutes.
      assert.ok(time(262_144) < 2000, JSON.stringify([start, filler]))
    }
  }
})
