/** A client as a process of its own: its environment holds nothing of ours but what the test says. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'

export interface RunOptions {
  /** Also the home of the process, so that no settings of this machine count. */
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

export interface RunResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const KEPT = ['PATH', 'LANG', 'TMPDIR']

/** Resolves whatever the outcome; `mustRun` is for programs that have to succeed. */
export function runProgram(
  command: readonly [string, ...string[]],
  options: RunOptions,
): Promise<RunResult> {
  const [program, ...words] = command
  const kept = KEPT.flatMap((name): [string, string][] => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  const child = spawn(program, words, {
    cwd: options.cwd,
    env: {
      LC_ALL: 'C.UTF-8',
      HOME: options.cwd,
      ...Object.fromEntries(kept),
      ...options.env,
    },
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const done = Promise.withResolvers<RunResult>()
  child.on('error', done.reject)
  child.on('close', (status) => done.resolve({ status, ...output }))
  // A program that ends without reading its input is judged by its status.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  return done.promise
}

/** Fails with everything the program said. Resolves to its standard output. */
export async function mustRun(
  command: readonly [string, ...string[]],
  options: RunOptions,
): Promise<string> {
  const { status, stdout, stderr } = await runProgram(command, options)
  const said = `${stdout}\n${stderr}`.trim().slice(-8000)
  assert.equal(status, 0, `${command.join(' ')} ended with ${status}:\n${said}`)
  return stdout
}
