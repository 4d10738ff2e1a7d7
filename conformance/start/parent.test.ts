/** A server ends when it is told to, through whatever stands between the person and it, and with what it was started by. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../lib/patience.ts'
import { makeDataDir, spawnCommand } from './spawn-server.ts'

const READY = /^listening on (\S+)$/m
const BIN = 'packages/cli/bin/hallpass.js'
const needsNpm = {
  skip: spawnSync('npm', ['--version']).status === 0 ? false : 'npm is not on the path',
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/-/healthz`, { headers: { connection: 'close' } })
    return true
  } catch {
    return false
  }
}

const STARTS = {
  'npm start': ['npm', 'start', '--'],
  'npx hallpass serve': ['npx', 'hallpass', 'serve'],
} as const

for (const [name, command] of Object.entries(STARTS)) {
  test(`TERM to ${name} ends the server`, needsNpm, async (t) => {
    const env = { HALLPASS_DATA_DIR: makeDataDir(t), HALLPASS_PORT: '0' }
    const started = spawnCommand(t, command, env)
    const url = await started.ready()
    started.child.kill('SIGTERM')
    await waitUntil(async () => !(await answers(url)))
    await started.exited
  })
}

test('with workers, all of them end with npm start', needsNpm, async (t) => {
  const env = { HALLPASS_DATA_DIR: makeDataDir(t), HALLPASS_PORT: '0', HALLPASS_WORKERS: '2' }
  const started = spawnCommand(t, STARTS['npm start'], env)
  const url = await started.ready()
  started.child.kill('SIGTERM')
  await waitUntil(async () => !(await answers(url)))
})

test('the server ends with the command that a checkout puts before it, however that ends', async (t) => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const env = { HALLPASS_DATA_DIR: makeDataDir(t), HALLPASS_PORT: '0' }
    const started = spawnCommand(t, [process.execPath, BIN, 'serve'], env)
    const url = await started.ready()
    started.child.kill(signal)
    await waitUntil(async () => !(await answers(url)))
    await started.exited
  }
})

test('started by anything else it outlives what started it', async (t) => {
  const dataDir = makeDataDir(t)
  const env = { HALLPASS_DATA_DIR: dataDir, HALLPASS_PORT: '0' }
  const flag = `${dataDir}.go`
  const words = `${process.execPath} --conditions=@hallpass/source packages/cli/src/main.ts serve`
  const shell = spawnCommand(
    t,
    ['sh', '-c', `${words} & echo "server $!"; until [ -e ${flag} ]; do sleep 0.1; done`],
    env,
  )
  const read = (line: RegExp): string => line.exec(shell.stdout())?.[1] ?? ''
  try {
    await waitUntil(() => read(READY) !== '')
    writeFileSync(flag, '')
    await waitUntil(() => shell.child.exitCode !== null)
    // Longer than it takes to look for a parent, if it did.
    await sleep(1500)
    assert.ok(await answers(read(READY)))
  } finally {
    process.kill(Number(read(/^server (\d+)$/m)), 'SIGTERM')
  }
})
