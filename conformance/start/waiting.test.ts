/** A server whose database cannot answer yet waits for it, says what for, and ends when it is told to. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Client } from 'pg'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { waitUntil } from '../lib/patience.ts'
import { makeDataDir, spawnHallpass } from './spawn-server.ts'
import type { Spawned } from './spawn-server.ts'

function serve(t: TestContext, database: string, dataDir = makeDataDir(t)): Spawned {
  return spawnHallpass(t, ['serve'], {
    HALLPASS_DATA_DIR: dataDir,
    HALLPASS_DATABASE_URL: database,
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: 'hp_waiting_0123456789abcdefghijklmnopqrstuvwxyz',
  })
}

/** Somebody else's lock, until the answer is called. */
async function hold(t: TestContext, url: string, lock: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  await client.query(`begin; ${lock}`)
  return async () => void (await client.query('rollback'))
}

async function untilSaid(server: Spawned, words: RegExp): Promise<void> {
  await waitUntil(() => words.test(server.stderr()) || server.child.exitCode !== null)
  assert.match(server.stderr(), words)
}

/** It takes connections and says nothing. */
async function startSilent(t: TestContext): Promise<{ url: string; asked: () => boolean }> {
  const open = new Set<Socket>()
  const silent = createServer((socket) => void open.add(socket.on('error', () => undefined)))
  t.after(() => {
    for (const socket of open) socket.destroy()
    silent.close()
  })
  const port = await findPort()
  silent.listen(port, '127.0.0.1')
  await once(silent, 'listening')
  return { url: `postgres://u@127.0.0.1:${port}/hallpass`, asked: () => open.size > 0 }
}

async function end(server: Spawned): Promise<void> {
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0, server.stderr())
}

test('while another server makes the tables, or has the catalog to itself, it waits, and goes on when that is over', async (t) => {
  const url = await (await startPostgres()).createDatabase()
  const dataDir = makeDataDir(t)
  for (const lock of ['1751215212, 1', '1751215212, 0']) {
    const release = await hold(t, url, `select pg_advisory_xact_lock(${lock})`)
    const server = serve(t, url, dataDir)
    await untilSaid(server, /Somebody else holds a lock.*waiting for the database/)
    await release()
    await server.ready()
    await end(server)
  }
})

test('one that waits for a database that is not there ends at a signal, and has made nothing', async (t) => {
  const server = serve(t, `postgres://u:hunter2@127.0.0.1:${await findPort()}/hallpass`)
  await untilSaid(server, /cannot be reached \(ECONNREFUSED\).*waiting for the database/)
  await end(server)
  assert.equal(server.stdout(), '')
  assert.doesNotMatch(server.stderr(), /hunter2/)
})

test('one that asks a database which says nothing ends at a signal, while it is asking', async (t) => {
  const { url, asked } = await startSilent(t)
  const server = serve(t, url)
  await waitUntil(asked)
  await end(server)
  assert.doesNotMatch(server.stderr(), /waiting for the database/)
})
