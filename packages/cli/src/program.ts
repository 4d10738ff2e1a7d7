/**
 * Runs command lines.
 *
 * @module
 */
import { Command, CommanderError } from 'commander'
import { COMMANDS } from './command-table.ts'
import type { CommandEntry } from './command-table.ts'
import { CliError, EXIT } from './io.ts'
import type { CliIo } from './io.ts'
import { printable } from './output.ts'
import { readVersion } from './version.ts'

const EXAMPLES = `
Examples:
  hallpass serve
  hallpass login https://files.example.com
  hallpass share report.pdf --for 2d --uses 1 --qr
  hallpass sign s3 get my-bucket/report.pdf --region eu-west-1 --expires 5m
  hallpass explain 'https://my-bucket.s3.amazonaws.com/report.pdf?X-Amz-Algorithm=…'
  tail -f access.log | hallpass redact
  hallpass audit --format sarif . > audit.sarif

'hallpass COMMAND --help' says more about each.

Exit codes: 0 done · 1 the answer is no (a finding, a refused signature) · 2 the command line or the
input cannot be used · 3 something outside failed (a file, the disk, the server).
`

async function loadCommand(entry: CommandEntry, io: CliIo, complaints: string[]): Promise<Command> {
  const command = (await entry.load())(io)
  command.name(`hallpass ${entry.name}`)
  configureOutput(command, io, complaints)
  return command
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`
}

function configureOutput(command: Command, io: CliIo, complaints: string[]): void {
  command
    .exitOverride()
    .showHelpAfterError(`('${fullName(command)} --help' shows how it is called)`)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => void complaints.push(text),
    })
  for (const child of command.commands) configureOutput(child, io, complaints)
}

/** What `hallpass --help` shows: every command by name, none of them loaded. */
function createProgram(io: CliIo, complaints: string[]): Command {
  const program = new Command('hallpass')
    .description('Presigned URLs: serve, share, sign, verify, explain, redact and audit them.')
    .version(readVersion(), '-v, --version', 'print the version')
    .usage('COMMAND [options]')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
  for (const { name, summary } of COMMANDS) program.command(name).summary(summary)
  configureOutput(program, io, complaints)
  return program
}

/** `hallpass help sign` is `hallpass sign --help`. */
function rewriteHelp(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'help') return argv
  return argv[1] === undefined ? ['--help'] : [...argv.slice(1), '--help']
}

/** Runs one command line to its end and answers the exit code; errors are printed, never thrown. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const words = argv.length === 0 ? ['--help'] : rewriteHelp(argv)
  const complaints: string[] = []
  try {
    const entry = COMMANDS.find(({ name }) => name === words[0])
    const command =
      entry === undefined ? createProgram(io, complaints) : await loadCommand(entry, io, complaints)
    await command.parseAsync(entry === undefined ? [...words] : words.slice(1), { from: 'user' })
    return io.exitCode
  } catch (error) {
    return reportError(error, io, complaints)
  }
}

async function reportError(
  error: unknown,
  io: CliIo,
  complaints: readonly string[],
): Promise<number> {
  if (error instanceof CommanderError) {
    await complain(io, complaints.join(''))
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  }
  if (error instanceof CliError) {
    if (error.exitCode !== EXIT.ok) await complain(io, `hallpass: ${error.message}\n`)
    return error.exitCode
  }
  if (isErrnoException(error) && error.code === 'EPIPE') return EXIT.ok
  const message = error instanceof Error ? error.message : String(error)
  await complain(io, `hallpass: ${message}\n`)
  if (io.env['HALLPASS_DEBUG'] !== undefined && error instanceof Error) {
    io.stderr.write(`${error.stack ?? ''}\n`)
  }
  return EXIT.failure
}

/** What was typed may be repeated in it: a URL in place of a file, or signs that move the cursor. */
async function complain(io: CliIo, text: string): Promise<void> {
  const { redact } = await import('@hallpass/signing/redact')
  io.stderr.write(redact(text).split('\n').map(printable).join('\n'))
}

function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}
