/**
 * What a command may touch of the process it runs in. `main.ts` makes one from `process`; tests make
 * one from strings. No command reads `process` for anything that is here.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream'

export interface CliIo {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths start here. */
  readonly cwd: string
  /** The home directory, where credential files live. */
  readonly home: string
  now(): Date
  /** What the process will exit with, unless an error says otherwise. A command sets it. */
  exitCode: number
}

/** Exit codes of every command; docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** The command ran, and the answer is no: a finding, a signature refused, a URL that is none. */
  negative: 1,
  /** The command line or the input cannot be used. */
  usage: 2,
  /** Something outside failed: a file that cannot be read, a full disk. */
  failure: 3,
} as const

/** An error whose message is for the person at the terminal: what was wrong, what was expected, what to do. */
export class CliError extends Error {
  override readonly name: string = 'CliError'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.usage, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.exitCode = exitCode
  }
}
