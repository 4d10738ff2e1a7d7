/** What the client weighs in a browser, as `npm run size` measures it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import process from 'node:process'
import { test } from 'node:test'

const KIB = 1024
const ENTRIES = ['client', 'client/upload']

test('no entry for browsers is larger than 8 KiB, minified and gzipped', () => {
  const printed = execFileSync(process.execPath, ['scripts/size.ts', '--json', ...ENTRIES], {
    encoding: 'utf8',
  })
  const sizes = JSON.parse(printed) as readonly { entry: string; gzippedBytes: number }[]
  assert.equal(sizes.length, ENTRIES.length)
  for (const { entry, gzippedBytes } of sizes) {
    assert.ok(gzippedBytes <= 8 * KIB, `${entry}: ${gzippedBytes} bytes`)
  }
})
