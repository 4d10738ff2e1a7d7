import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { loadMasterKey } from '../../src/config/master-key.ts'
import { systemRandom } from '../../src/platform/random.ts'

function makeDirectory(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-key-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  return dataDir
}

test('the master key is made once, readable by its owner only, and stays the same', (t) => {
  const dataDir = makeDirectory(t)
  const key = loadMasterKey(dataDir, systemRandom)
  assert.equal(key.length, 32)
  assert.deepEqual(loadMasterKey(dataDir, systemRandom), key)
  assert.equal(statSync(join(dataDir, 'master.key')).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(dataDir), ['master.key'], 'a draft stayed behind')
})

test('of two processes that start together the first key wins for both', (t) => {
  const dataDir = makeDirectory(t)
  // The draw of the second key is the moment in which the other process finishes first.
  let other: Uint8Array | null = null
  const racing = {
    bytes: (count: number) => {
      if (count === 32) other = loadMasterKey(dataDir, systemRandom)
      return systemRandom.bytes(count)
    },
  }
  const key = loadMasterKey(dataDir, racing)
  assert.deepEqual(key, other)
})

test('a master key that others may read, or that is damaged, is refused with what to do', (t) => {
  const dataDir = makeDirectory(t)
  loadMasterKey(dataDir, systemRandom)
  const path = join(dataDir, 'master.key')
  const text = readFileSync(path, 'utf8')
  chmodSync(path, 0o644)
  assert.throws(() => loadMasterKey(dataDir, systemRandom), /run chmod 600/)
  chmodSync(path, 0o600)
  for (const damaged of ['', 'zz', text.slice(2), text.toUpperCase().replaceAll(/\d/g, 'A')]) {
    writeFileSync(path, damaged)
    assert.throws(() => loadMasterKey(dataDir, systemRandom), /is damaged/, damaged)
  }
})
