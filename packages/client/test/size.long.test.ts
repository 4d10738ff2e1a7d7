/** What the client weighs in a browser, as `npm run size` measures it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import process from 'node:process'
import { test } from 'node:test'

const KIB = 1024
const LIMITS: Readonly<Record<string, number>> = {
  client: 8 * KIB,
  'client/upload': 8 * KIB,
  react: 4 * KIB,
}

test('no entry for browsers is larger than it may be, minified and gzipped', () => {
  const printed = execFileSync(
    process.execPath,
    ['scripts/size.ts', '--json', ...Object.keys(LIMITS)],
    {
      encoding: 'utf8',
    },
  )
  const sizes = JSON.parse(printed) as readonly { entry: string; gzippedBytes: number }[]
  assert.equal(sizes.length, Object.keys(LIMITS).length)
  for (const { entry, gzippedBytes } of sizes) {
    assert.ok(gzippedBytes <= (LIMITS[entry] ?? 0), `${entry}: ${gzippedBytes} bytes`)
  }
})
