/** `hallpass serve` as a person starts it: a process, its two outputs, its exit code. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hallpassCommand } from '../lib/hallpass-command.ts'
import { waitUntil } from '../lib/patience.ts'

export interface Spawned {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves to the exit code. */
  readonly exited: Promise<number | null>
  /** Resolves to the public address of the ready line. */
  ready(): Promise<string>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const READY_LINE = /^listening on (\S+)(?: \(public address (\S+)\))?\n/m

/** The command itself, as it is installed. The test ends whatever it started. */
export function spawnHallpass(
  t: TestContext,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Spawned {
  return spawnCommand(t, [process.execPath, ...hallpassCommand(), ...words], env)
}

/** Anything that leads to the command in the end. */
export function spawnCommand(
  t: TestContext,
  [program, ...parameters]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Spawned {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:HALLPASS_|npm_|NODE_TEST_CONTEXT$)/.test(name),
  )
  const child = spawn(program, parameters, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...env },
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const { promise: exited, resolve } = Promise.withResolvers<number | null>()
  child.on('close', resolve)
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
  })
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exited,
    ready: async () => {
      const isReady = (): boolean => READY_LINE.test(output.stdout)
      await waitUntil(() => isReady() || child.exitCode !== null, 'the server is ready')
      assert.ok(isReady(), `the server did not start: ${output.stdout}${output.stderr}`)
      const [, listening = '', publicAddress = listening] = READY_LINE.exec(output.stdout) ?? []
      return publicAddress
    },
  }
}

export function makeDataDir(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-start-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  return join(root, 'data')
}

/** What the banner says after `label`. */
export function bannerValue(stdout: string, label: string): string {
  const value = new RegExp(`^  ${label} +(\\S+)$`, 'm').exec(stdout)?.[1]
  assert.ok(value !== undefined, `the banner has no ${label}:\n${stdout}`)
  return value
}
