#!/usr/bin/env node
/**
 * The `hallpass` command: hands the process to {@link runCli} and exits with what it answers.
 */
import { homedir } from 'node:os'
import process from 'node:process'
import { runCli } from './program.ts'

// `hallpass … | head` closes our output early; that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 3)
})

const exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  now: () => new Date(),
  exitCode: 0,
})
// Something may still be under way: a library that looks for credentials, a database that was asked and says nothing. The command is over,
// and nobody waits for that.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
