/**
 * The table of commands. Each is loaded when it is called, so that an offline command never loads the server.
 *
 * @module
 */
import { Command, CommanderError } from 'commander'
import { CliError, EXIT } from './io.ts'
import type { CliIo } from './io.ts'
import { loadWithServer } from './load-with-server.ts'
import { printable } from './output.ts'
import { readVersion } from './version.ts'

/** A module in `commands/` exports one function of this shape; the command it returns parses its own options. */
export type CreateCommand = (io: CliIo) => Command

interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CreateCommand>
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'run the file server',
    load: async () =>
      (await loadWithServer('serve', () => import('./commands/serve.ts'))).createServeCommand,
  },
  {
    name: 'demo',
    summary: 'see in ten seconds what the server does, and clean up again',
    load: async () =>
      (await loadWithServer('demo', () => import('./commands/demo.ts'))).createDemoCommand,
  },
  {
    name: 'login',
    summary: 'keep the address of a running server and a key for it',
    load: async () => (await import('./commands/login.ts')).createLoginCommand,
  },
  {
    name: 'logout',
    summary: 'forget them again',
    load: async () => (await import('./commands/logout.ts')).createLogoutCommand,
  },
  {
    name: 'ls',
    summary: 'list the buckets, folders and files of a running server',
    load: async () => (await import('./commands/ls.ts')).createLsCommand,
  },
  {
    name: 'cp',
    summary: 'copy files and folders to a running server, and from it',
    load: async () => (await import('./commands/cp.ts')).createCpCommand,
  },
  {
    name: 'share',
    summary: 'upload a file and make a link to it, with a QR code if wanted',
    load: async () => (await import('./commands/share.ts')).createShareCommand,
  },
  {
    name: 'keys',
    summary: 'list, make and revoke the keys of a running server',
    load: async () => (await import('./commands/keys.ts')).createKeysCommand,
  },
  {
    name: 'links',
    summary: 'list and revoke the links of a running server',
    load: async () => (await import('./commands/links.ts')).createLinksCommand,
  },
  {
    name: 'doctor',
    summary: 'look at a running server with the security checklist',
    load: async () => (await import('./commands/doctor.ts')).createDoctorCommand,
  },
  {
    name: 'sign',
    summary: 'make a signed URL, in any dialect',
    load: async () => (await import('./commands/sign.ts')).createSignCommand,
  },
  {
    name: 'verify',
    summary: 'check the signature of a URL, with the key',
    load: async () => (await import('./commands/verify.ts')).createVerifyCommand,
  },
  {
    name: 'explain',
    summary: 'say why a signed URL fails and what to change',
    load: async () => (await import('./commands/explain.ts')).createExplainCommand,
  },
  {
    name: 'detect',
    summary: 'say what a signed URL grants, to whom and until when, without a key',
    load: async () => (await import('./commands/detect.ts')).createDetectCommand,
  },
  {
    name: 'redact',
    summary: 'take signatures and tokens out of logs',
    load: async () => (await import('./commands/redact.ts')).createRedactCommand,
  },
  {
    name: 'audit',
    summary: 'find leaked and badly made signed URLs in files and git history',
    load: async () => (await import('./commands/audit.ts')).createAuditCommand,
  },
]

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
