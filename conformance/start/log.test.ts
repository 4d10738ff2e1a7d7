/** What becomes of the server when its log cannot be written, and what people see of it on a terminal. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hallpassCommand } from '../lib/hallpass-command.ts'
import { waitUntil } from '../lib/patience.ts'
import { hasTerminal, spawnOnTerminal } from './spawn-on-terminal.ts'
import { makeDataDir } from './spawn-server.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Serving {
  readonly child: ChildProcess
  readonly url: string
  readonly adminKey: string
  /** Resolves to the exit code and the signal. */
  readonly exited: Promise<readonly [code: number | null, signal: string | null]>
}

/** Starts the server with something else than a reader behind standard error. */
async function serve(
  t: TestContext,
  stderr: 'pipe' | number,
  words: readonly string[] = [],
): Promise<Serving> {
  const child = spawn(
    process.execPath,
    [...hallpassCommand(), 'serve', '--log-level', 'trace', ...words],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', stderr],
      env: { PATH: process.env['PATH'], HALLPASS_DATA_DIR: makeDataDir(t), HALLPASS_PORT: '0' },
    },
  )
  const exited = new Promise<readonly [number | null, string | null]>((resolve) => {
    child.on('exit', (code, signal) => resolve([code, signal]))
  })
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  await waitUntil(() => /^listening on \S+/m.test(stdout) || child.exitCode !== null)
  return {
    child,
    exited,
    url: /^listening on (\S+)/m.exec(stdout)?.[1] ?? '',
    adminKey: /Admin API key +(\S+)/.exec(stdout)?.[1] ?? '',
  }
}

async function ask({ url, adminKey }: Serving, path: string): Promise<string> {
  const response = await fetch(url + path, { headers: { authorization: adminKey } })
  assert.equal(response.status, 200)
  return response.text()
}

async function askOften(server: Serving): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(Array.from({ length: 10 }, () => ask(server, '/v1/files?folder=samples')))
  }
}

async function lostLines(server: Serving): Promise<number> {
  const text = await ask(server, '/-/metrics')
  return Number(/^hallpass_log_lines_lost_total (\d+)$/m.exec(text)?.[1])
}

async function stopsOnTerm(server: Serving): Promise<void> {
  server.child.kill('SIGTERM')
  assert.deepEqual(await server.exited, [0, null])
}

test('a full disk under the log: the server serves, counts what is lost, and stops on SIGTERM', async (t) => {
  const full = openSync('/dev/full', 'w')
  t.after(() => closeSync(full))
  for (const words of [[], ['--workers', '2']]) {
    const server = await serve(t, full, words)
    await askOften(server)
    assert.ok((await lostLines(server)) > 0)
    await stopsOnTerm(server)
  }
})

test('a log whose reader is gone: the server serves, counts what is lost, and stops on SIGTERM', async (t) => {
  for (const words of [[], ['--workers', '2']]) {
    const server = await serve(t, 'pipe', words)
    server.child.stderr?.destroy()
    await waitUntil(async () => {
      await askOften(server)
      return (await lostLines(server)) > 0
    })
    await stopsOnTerm(server)
  }
})

test('a log whose reader has stopped reading: the server serves and stops on SIGTERM', async (t) => {
  const server = await serve(t, 'pipe')
  server.child.stderr?.pause()
  for (let round = 0; round < 10; round += 1) await askOften(server)
  await stopsOnTerm(server)
})

test('a pipe that nobody reads any more hangs neither the server nor its end', async (t) => {
  // The shell makes a real pipe; a child of node would get a socket.
  const child = spawn(
    'bash',
    [
      '-c',
      `exec "$0" --conditions=@hallpass/source packages/cli/src/main.ts serve --log-level trace 2> >(exec sleep 300)`,
      process.execPath,
    ],
    {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], HALLPASS_DATA_DIR: makeDataDir(t), HALLPASS_PORT: '0' },
    },
  )
  const exited = new Promise<readonly [number | null, string | null]>((resolve) => {
    child.on('exit', (code, signal) => resolve([code, signal]))
  })
  t.after(() => process.kill(-(child.pid ?? 0), 'SIGKILL'))
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  await waitUntil(() => /^listening on \S+/m.test(stdout))
  const server: Serving = {
    child,
    exited,
    url: /^listening on (\S+)/m.exec(stdout)?.[1] ?? '',
    adminKey: /Admin API key +(\S+)/.exec(stdout)?.[1] ?? '',
  }
  // More than any pipe holds.
  for (let round = 0; round < 10; round += 1) await askOften(server)
  await stopsOnTerm(server)
})

test('on a terminal the log is for people, and nothing cuts the banner', async (t) => {
  if (!hasTerminal(t)) return
  const addresses = ['--public-url', 'https://files.example.com', '--host', '0.0.0.0']
  const { shown, type, exited } = spawnOnTerminal(
    t,
    ['serve', '--log-level', 'trace', ...addresses],
    { HALLPASS_DATA_DIR: makeDataDir(t), HALLPASS_PORT: '0' },
  )
  await waitUntil(() => /^listening on \S+ \(/m.test(shown()))
  const [, port = ''] =
    /^listening on http:\/\/0\.0\.0\.0:(\d+) \(public address https:\/\/files\.example\.com\)\r?$/m.exec(
      shown(),
    ) ?? []
  assert.notEqual(port, '', shown())
  assert.equal((await fetch(`http://127.0.0.1:${port}/-/healthz`)).status, 200)
  await waitUntil(() => / rest .*status=200/.test(shown()))
  const screen = shown()
  const banner = screen.slice(0, screen.indexOf('listening on'))
  assert.doesNotMatch(banner, /\d\d:\d\d:\d\d/)
  const log = screen.slice(screen.indexOf('listening on')).split(/\r?\n/).slice(1)
  assert.ok(
    log.some((line) => /^\d\d:\d\d:\d\d debug rest .*operation=getHealth status=200/.test(line)),
    screen,
  )
  assert.ok(!log.some((line) => line.startsWith('{')), screen)
  // Control-C, as people stop it.
  type('\u0003')
  await exited
})
