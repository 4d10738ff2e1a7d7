import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openMasterKeys } from '../../src/config/master-key.ts'
import { openMasterKeyFile } from '../../src/config/master-key-file.ts'
import { parseMasterKeys } from '../../src/config/master-key-list.ts'
import type { MasterKeys } from '../../src/core/keys/master-keys.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { createSecret } from '../../src/platform/secret.ts'

const NOW = Date.UTC(2026, 2, 14, 9, 26, 53)
const clock = { now: () => NOW }

function makeDirectory(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-key-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  return dataDir
}

function open(dataDir: string, random = systemRandom): MasterKeys {
  return openMasterKeyFile(dataDir, { random, clock })
}

function load(dataDir: string, random = systemRandom): Uint8Array {
  return open(dataDir, random).current().keys[0]
}

/** Without which of them it is: their first digits. */
function hexOf(keys: MasterKeys): string[] {
  return keys.current().keys.map((key) => Buffer.from(key).toString('hex').slice(0, 8))
}

test('the master key is made once, readable by its owner only, and stays the same', (t) => {
  const dataDir = makeDirectory(t)
  const key = load(dataDir)
  assert.equal(key.length, 32)
  assert.deepEqual(load(dataDir), key)
  assert.equal(statSync(join(dataDir, 'master.key')).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(dataDir), ['master.key'], 'a draft stayed behind')
})

test('of two processes that start together the first key wins for both', (t) => {
  const dataDir = makeDirectory(t)
  // The draw of the second key is the moment in which the other process finishes first.
  let other: Uint8Array | null = null
  const racing = {
    bytes: (count: number) => {
      if (count === 32) other = load(dataDir)
      return systemRandom.bytes(count)
    },
  }
  const key = load(dataDir, racing)
  assert.deepEqual(key, other)
})

test('a master key that others may read, or that is damaged, is refused with what to do', (t) => {
  const dataDir = makeDirectory(t)
  load(dataDir)
  const path = join(dataDir, 'master.key')
  const text = readFileSync(path, 'utf8')
  chmodSync(path, 0o644)
  assert.throws(() => load(dataDir), /run chmod 600/)
  chmodSync(path, 0o600)
  for (const damaged of ['', 'zz', text.slice(2), `${text.trim()}x`, `${text}zz\n`]) {
    writeFileSync(path, damaged)
    assert.throws(() => load(dataDir), /is damaged/, damaged)
  }
})

test('a new key seals for whoever has the file open, and those before it stay until they are let go of', (t) => {
  const dataDir = makeDirectory(t)
  const [one, other] = [open(dataDir), open(dataDir)]
  const [first = ''] = hexOf(one)
  assert.equal(one.change?.rotate(), true)
  const [second = ''] = hexOf(one)
  assert.deepEqual(hexOf(other), [second, first])
  assert.equal(other.current().since, NOW)
  assert.equal(other.current(), other.current())
  assert.equal(other.change?.rotate(), true)
  assert.deepEqual(hexOf(one).slice(1), [second, first])
  assert.equal(one.change.dropPrevious(), true)
  assert.equal(hexOf(other).length, 1)
  assert.deepEqual(hexOf(open(dataDir)), hexOf(other))
  assert.equal(statSync(join(dataDir, 'master.key')).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(dataDir), ['master.key'], 'a draft stayed behind')
})

test('a key opens before it seals, so that no power cut leaves something sealed that nothing opens', (t) => {
  const dataDir = makeDirectory(t)
  const path = join(dataDir, 'master.key')
  const keys = open(dataDir)
  const [first = ''] = hexOf(keys)
  // The moment between the two steps, in which a draft of somebody else appears.
  const seen: string[][] = []
  const stopping = openMasterKeyFile(dataDir, {
    random: systemRandom,
    clock: {
      now: () => {
        seen.push(hexOf(open(dataDir)))
        return NOW
      },
    },
  })
  assert.equal(stopping.change?.rotate(), true)
  assert.ok(seen.some(([newest, ...others]) => newest === first && others.length === 1))
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 3)
})

test('while somebody else changes it nothing changes, and what a crash left of that is cleared away', (t) => {
  const dataDir = makeDirectory(t)
  const draft = join(dataDir, 'master.key.next')
  const keys = open(dataDir)
  writeFileSync(draft, '')
  utimesSync(draft, NOW / 1000, NOW / 1000)
  const before = hexOf(keys)
  assert.equal(keys.change?.rotate(), false)
  assert.deepEqual(hexOf(keys), before)
  utimesSync(draft, NOW / 1000 - 100, NOW / 1000 - 100)
  assert.equal(keys.change.rotate(), true)
  writeFileSync(draft, '')
  utimesSync(draft, NOW / 1000, NOW / 1000)
  const alone = openMasterKeyFile(dataDir, { random: systemRandom, clock, isAlone: true })
  assert.equal(alone.change?.rotate(), true)
})

test('a file of version 0.1 is read, and its time is when it was written', (t) => {
  const dataDir = makeDirectory(t)
  const path = join(dataDir, 'master.key')
  writeFileSync(path, `${'0123456789abcdef'.repeat(4)}\n`, { mode: 0o600 })
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  const keys = open(dataDir)
  assert.equal(keys.current().since, 1_700_000_000_000)
  assert.deepEqual(hexOf(keys), ['01234567'])
})

const HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const OLD = HEX.replaceAll('0', '7')

test('a setting or a command holds the keys in place of the file, and changes are its own', (t) => {
  const dataDir = makeDirectory(t)
  const none = { dataDir, masterKey: null, masterKeyCommand: null }
  const sources = { random: systemRandom, clock }
  const command = `${JSON.stringify(process.execPath)} -p "'${HEX}\\n${OLD}'"`
  for (const settings of [
    { ...none, masterKey: createSecret(`${HEX}, ${OLD}`) },
    { ...none, masterKeyCommand: command },
  ]) {
    const keys = openMasterKeys(settings, sources)
    assert.deepEqual(hexOf(keys), ['00010203', OLD.slice(0, 8)])
    assert.deepEqual([keys.change, keys.current().since], [null, null])
  }
  assert.deepEqual(readdirSync(dataDir), [])
  const refused = (masterKeyCommand: string, says: RegExp): void => {
    assert.throws(() => openMasterKeys({ ...none, masterKeyCommand }, sources), says)
  }
  refused('exit 3', /HALLPASS_MASTER_KEY_COMMAND failed: it must print the master key/)
  refused(`echo ${HEX.slice(2)}`, /printed must be keys of 64 hex digits/)
})

test('keys that are no keys are refused without being quoted', () => {
  for (const text of ['', ' ', 'secret', HEX.slice(1), `${HEX} x`, '11'.repeat(32)]) {
    assert.throws(
      () => parseMasterKeys(text),
      (error: Error) => !error.message.includes(HEX.slice(1)) && !error.message.includes('secret'),
    )
  }
  assert.equal(parseMasterKeys(HEX.toUpperCase()).length, 1)
})
