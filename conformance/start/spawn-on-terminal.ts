/** `hallpass …` as a person at a terminal sees it. */
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import process from 'node:process'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface OnTerminal {
  /** All that stood on the screen so far; lines end with CR and LF. */
  readonly shown: () => string
  /** Types it. */
  readonly type: (text: string) => void
  readonly hasEnded: () => boolean
  /** Resolves to the exit code of the command. */
  readonly exited: Promise<number | null>
}

/** Skips the test where no program can be given a terminal. */
export function hasTerminal(t: TestContext): boolean {
  if (spawnSync('script', ['--version']).status === 0) return true
  t.skip('needs script(1), which gives a program a terminal')
  return false
}

/** `words` pass through a shell and hold nothing that it would read. The test ends what it started. */
export function spawnOnTerminal(
  t: TestContext,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): OnTerminal {
  const main = `"${process.execPath}" --conditions=@hallpass/source packages/cli/src/main.ts`
  const child: ChildProcess = spawn(
    'script',
    ['--quiet', '--flush', '--return', '--command', `${main} ${words.join(' ')}`, '/dev/null'],
    {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], SHELL: '/bin/sh', ...env },
    },
  )
  const { promise: exited, resolve } = Promise.withResolvers<number | null>()
  child.on('close', resolve)
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  let shown = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    shown += text
  })
  return {
    shown: () => shown,
    type: (text) => void child.stdin?.write(text),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    exited,
  }
}
