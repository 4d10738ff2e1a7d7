import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { joinDataLock, lockDataDirectory } from '../../src/config/data-lock.ts'

function makeDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'hallpass-lock-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

test('a directory has one server at a time', async (t) => {
  const directory = makeDirectory(t)
  const first = await lockDataDirectory(directory)
  await assert.rejects(lockDataDirectory(directory), /in use by another server/)
  first.release()
  const second = await lockDataDirectory(directory)
  await assert.rejects(lockDataDirectory(directory), { name: 'ConfigError' })
  second.release()
})

test('workers share the lock of their server, and keep it when the server is gone', async (t) => {
  const directory = makeDirectory(t)
  const server = await lockDataDirectory(directory)
  const workers = [joinDataLock(directory), joinDataLock(directory)]
  await assert.rejects(lockDataDirectory(directory), /in use by another server/)
  // A refused start must not keep a worker from being replaced.
  workers.push(joinDataLock(directory))
  server.release()
  for (const worker of workers) {
    await assert.rejects(
      lockDataDirectory(directory, 0),
      /in use by processes of a server that was/,
    )
    worker.release()
  }
  const next = await lockDataDirectory(directory)
  next.release()
})

test('a start waits for the last worker of a server that was killed', async (t) => {
  const directory = makeDirectory(t)
  const worker = joinDataLock(directory)
  const starting = lockDataDirectory(directory, 600_000)
  setTimeout(() => worker.release(), 200)
  const server = await starting
  server.release()
})

test('of many that start at once one gets the directory', async (t) => {
  const directory = makeDirectory(t)
  const starts = await Promise.allSettled(
    Array.from({ length: 8 }, () => lockDataDirectory(directory)),
  )
  const locks = starts.filter((start) => start.status === 'fulfilled')
  assert.equal(locks.length, 1)
  for (const { value } of locks) value.release()
})

test('the lock leaves one empty private file and nothing beside it', async (t) => {
  const directory = makeDirectory(t)
  const server = await lockDataDirectory(directory)
  const worker = joinDataLock(directory)
  assert.deepEqual(readdirSync(directory), ['server.lock'])
  worker.release()
  server.release()
  assert.deepEqual(readdirSync(directory), ['server.lock'])
  const { mode, size } = statSync(join(directory, 'server.lock'))
  assert.equal(mode & 0o777, 0o600)
  assert.equal(size, 0)
})
