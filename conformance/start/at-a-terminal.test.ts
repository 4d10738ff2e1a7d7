/** `hallpass login` and `hallpass share` as a person at a terminal sees them. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer } from '@hallpass/server'
import { waitUntil } from '../lib/patience.ts'
import { hasTerminal, spawnOnTerminal } from './spawn-on-terminal.ts'
import { makeDataDir } from './spawn-server.ts'

test('the key that is typed is not shown, and the link that is shared is copied by the terminal', async (t) => {
  if (!hasTerminal(t)) return
  const server = await startServer({ dataDir: makeDataDir(t), port: 0, logLevel: 'silent' })
  t.after(() => server.close())
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-terminal-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const env = { HOME: folder, TERM: 'xterm' }
  const key = server.firstStart.adminKey ?? ''

  const login = spawnOnTerminal(t, ['login', server.url], env)
  await waitUntil(() => login.shown().endsWith(': ') || login.hasEnded())
  login.type(`${key}\r`)
  assert.equal(await login.exited, 0, login.shown())
  assert.match(login.shown(), /logged in at http:\S+ as admin/)
  assert.ok(!login.shown().includes(key))

  const file = join(folder, 'report.pdf')
  writeFileSync(file, 'the report')
  const share = spawnOnTerminal(t, ['share', file, '--for', '1h', '--uses', '1', '--qr'], env)
  assert.equal(await share.exited, 0, share.shown())
  const [, url = ''] = /^(http\S+)\r$/m.exec(share.shown()) ?? []
  const [, copied = ''] = /\]52;c;([A-Za-z0-9+/=]+)/.exec(share.shown()) ?? []
  assert.equal(Buffer.from(copied, 'base64').toString(), url)
  assert.match(share.shown(), /copied by the terminal/)
  assert.match(share.shown(), /\[#+\] +100 % +10 B of 10 B/)
  assert.equal(await (await fetch(url)).text(), 'the report')
})
