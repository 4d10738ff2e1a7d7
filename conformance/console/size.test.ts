/** What the console loads before it shows anything stays small. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { test } from 'node:test'

const MOST = 200 * 1024

test('the first load of the console has at most 200 KiB, zipped', () => {
  const { stdout } = spawnSync(process.execPath, ['scripts/size.ts', '--json', 'console'], {
    encoding: 'utf8',
  })
  const [size] = JSON.parse(stdout) as { entry: string; gzippedBytes: number }[]
  assert.equal(size?.entry, 'console')
  assert.ok(size.gzippedBytes > 1024, 'something was measured')
  assert.ok(size.gzippedBytes <= MOST, `${size.gzippedBytes} bytes`)
})
