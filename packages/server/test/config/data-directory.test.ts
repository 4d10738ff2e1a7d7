import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { ConfigError } from '../../src/config.ts'
import { prepareDataDirectory, requireWholeFile } from '../../src/config/data-directory.ts'
import { openMasterKeyFile } from '../../src/config/master-key-file.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { systemRandom } from '../../src/platform/random.ts'

function makeDirectory(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-data-'))
  t.after(() => rmSync(root, { recursive: true }))
  const dataDir = join(root, 'a', 'data')
  prepareDataDirectory(dataDir)
  return dataDir
}

test('the data directory is made for its owner only', (t) => {
  assert.equal(statSync(makeDirectory(t)).mode & 0o777, 0o700)
})

test('a data directory that cannot be made is a clear refusal', (t) => {
  const dataDir = makeDirectory(t)
  writeFileSync(join(dataDir, 'file'), '')
  assert.throws(() => prepareDataDirectory(join(dataDir, 'file', 'x')), ConfigError)
})

test('every folder that is made is synced into the one above it, at each start', (t) => {
  const dataDir = makeDirectory(t)
  const root = dirname(dirname(dataDir))
  const synced: string[] = []
  const fresh = join(root, 'b', 'c', 'data')
  prepareDataDirectory(fresh, { sync: (path) => synced.push(path) })
  const above = [join(root, 'b', 'c'), join(root, 'b'), root]
  assert.deepEqual(synced, [join(fresh, 'blobs'), fresh, ...above])
  synced.length = 0
  prepareDataDirectory(fresh, { sync: (path) => synced.push(path) })
  assert.deepEqual(synced, [join(fresh, 'blobs'), fresh, join(root, 'b', 'c')])
})

test('a directory above that may only be passed through is left to its owner', (t) => {
  const dataDir = makeDirectory(t)
  const forbid = (path: string): void => {
    if (path === dirname(dataDir)) throw Object.assign(new Error('no'), { code: 'EACCES' })
  }
  prepareDataDirectory(dataDir, { sync: forbid })
  assert.throws(
    () => prepareDataDirectory(join(dirname(dataDir), 'new'), { sync: forbid }),
    ConfigError,
  )
})

test('an empty directory that somebody made by hand becomes private; one with something in it is refused', (t) => {
  const dataDir = makeDirectory(t)
  const byHand = join(dirname(dataDir), 'by-hand')
  mkdirSync(byHand)
  chmodSync(byHand, 0o755)
  prepareDataDirectory(byHand)
  assert.equal(statSync(byHand).mode & 0o777, 0o700)
  for (const mode of [0o755, 0o701, 0o710, 0o770]) {
    chmodSync(byHand, mode)
    assert.throws(() => prepareDataDirectory(byHand), /can be read by others: run chmod 700/)
    assert.equal(statSync(byHand).mode & 0o777, mode)
  }
})

test('a folder that is a link or a file is refused', (t) => {
  for (const name of ['blobs', join('blobs', 'tmp')]) {
    const dataDir = makeDirectory(t)
    const elsewhere = makeDirectory(t)
    rmSync(join(dataDir, name), { recursive: true })
    symlinkSync(elsewhere, join(dataDir, name))
    assert.throws(() => prepareDataDirectory(dataDir), /is not a folder but a link or a file/)
    rmSync(join(dataDir, name))
    writeFileSync(join(dataDir, name), '')
    assert.throws(() => prepareDataDirectory(dataDir), /is not a folder but a link or a file/)
  }
})

test('a first start that was cut off is still a first start', (t) => {
  const dataDir = makeDirectory(t)
  const catalogPath = join(dataDir, 'catalog.db')
  requireWholeFile(dataDir, catalogPath)
  openMasterKeyFile(dataDir, { random: systemRandom, clock: systemClock })
  requireWholeFile(dataDir, catalogPath)
  writeFileSync(catalogPath, '', { mode: 0o600 })
  requireWholeFile(dataDir, catalogPath)
})

test('a catalog elsewhere counts as the catalog', (t) => {
  const dataDir = makeDirectory(t)
  const catalogPath = join(makeDirectory(t), 'elsewhere.db')
  const blob = join(dataDir, 'blobs', 'a', 'b')
  mkdirSync(blob, { recursive: true })
  requireWholeFile(dataDir, catalogPath)
  writeFileSync(join(blob, 'abcdefghij'), 'x')
  assert.throws(() => requireWholeFile(dataDir, catalogPath), /elsewhere\.db is not there/)
  writeFileSync(catalogPath, 'SQLite', { mode: 0o600 })
  assert.throws(() => requireWholeFile(dataDir, catalogPath), /master\.key is not/)
  openMasterKeyFile(dataDir, { random: systemRandom, clock: systemClock })
  requireWholeFile(dataDir, catalogPath)
  for (const suffix of ['', '-wal', '-shm']) {
    writeFileSync(`${catalogPath}${suffix}`, 'x', { mode: 0o600 })
    chmodSync(`${catalogPath}${suffix}`, 0o640)
    assert.throws(() => requireWholeFile(dataDir, catalogPath), /run chmod 600/)
    chmodSync(`${catalogPath}${suffix}`, 0o600)
  }
})
