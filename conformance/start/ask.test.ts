/** What `hallpass keys revoke` asks a person at a terminal, and what each answer does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { startServer } from '@hallpass/server'
import { waitUntil } from '../lib/patience.ts'
import { hasTerminal, spawnOnTerminal } from './spawn-on-terminal.ts'
import { makeDataDir } from './spawn-server.ts'

interface Key {
  readonly id: string
  readonly key: string
}

interface Served {
  readonly url: string
  readonly adminKey: string
}

async function serve(t: TestContext): Promise<Served> {
  const server = await startServer({ dataDir: makeDataDir(t), port: 0, logLevel: 'silent' })
  t.after(() => server.close())
  return { url: server.url, adminKey: server.firstStart.adminKey ?? '' }
}

async function makeKey({ url }: Served, maker: string, actions: readonly string[]): Promise<Key> {
  const answer = await fetch(`${url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${maker}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'n', actions }),
  })
  assert.equal(answer.status, 201)
  return (await answer.json()) as Key
}

async function works({ url }: Served, { key }: Key): Promise<boolean> {
  const { status } = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  return status === 200
}

/** Runs `hallpass keys revoke …` on a terminal, and types `typed` when it asks. */
async function revoke(
  t: TestContext,
  { url, adminKey }: Served,
  words: readonly string[],
  typed: string,
): Promise<{ readonly exitCode: number | null; readonly shown: string }> {
  const env = { HALLPASS_URL: url, HALLPASS_API_KEY: adminKey }
  const terminal = spawnOnTerminal(t, ['keys', 'revoke', ...words], env)
  await waitUntil(() => terminal.shown().endsWith('] ') || terminal.hasEnded())
  if (typed !== '') terminal.type(typed)
  const exitCode = await terminal.exited
  return { exitCode, shown: terminal.shown() }
}

const END_OF_INPUT = '\u0004'

test('a revocation shows what the key would take with it, and asks which of it shall end', async (t) => {
  if (!hasTerminal(t)) return
  const served = await serve(t)
  const cases = [
    { typed: 'nothing\n', code: 1, left: [true, true] },
    { typed: '\n', code: 1, left: [true, true] },
    { typed: 'y\n', code: 1, left: [true, true] },
    { typed: END_OF_INPUT, code: 1, left: [true, true] },
    { typed: 'only\n', code: 0, left: [false, true] },
    { typed: 'ALL\n', code: 0, left: [false, false] },
  ]
  for (const { typed, code, left } of cases) {
    const parent = await makeKey(served, served.adminKey, ['admin', 'read'])
    const child = await makeKey(served, parent.key, ['read'])
    const { exitCode, shown } = await revoke(t, served, [parent.id], typed)
    const question = shown.indexOf('[only/all/NOTHING]')
    const listed = shown.indexOf(child.id)
    assert.ok(listed > 0 && listed < question, shown)
    assert.equal(exitCode, code, shown)
    assert.match(shown, code === 0 ? /revoked \S+\r\n$/ : /nothing was revoked\.\r\n$/)
    assert.deepEqual([await works(served, parent), await works(served, child)], left)
  }
})

test('what was said beforehand is asked as yes or no, and with --yes not at all', async (t) => {
  if (!hasTerminal(t)) return
  const served = await serve(t)
  const parent = await makeKey(served, served.adminKey, ['admin', 'read'])
  const child = await makeKey(served, parent.key, ['read'])
  const no = await revoke(t, served, [parent.id, '--descendants'], 'n\n')
  assert.match(no.shown, /\[y\/N\] /)
  assert.equal(no.exitCode, 1)
  assert.ok((await works(served, parent)) && (await works(served, child)))
  const yes = await revoke(t, served, [parent.id, '--only'], 'yes\n')
  assert.equal(yes.exitCode, 0)
  assert.deepEqual([await works(served, parent), await works(served, child)], [false, true])
  const quiet = await revoke(t, served, [parent.id, '--descendants', '--yes'], '')
  assert.equal(quiet.exitCode, 0)
  assert.doesNotMatch(quiet.shown, /\[y\/N\]/)
  assert.equal(await works(served, child), false)
})
