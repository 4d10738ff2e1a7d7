/**
 * The table of commands: what `--help` lists, what a command line is looked up in, and what shells complete. Each is loaded when it is
 * called, so that an offline command never loads the server.
 *
 * @module
 */
import type { Command } from 'commander'
import type { CommandShape } from './completion/command-shapes.ts'
import { CliError } from './io.ts'
import type { CliIo } from './io.ts'
import { loadWithServer } from './load-with-server.ts'

/** A module in `commands/` exports one function of this shape; the command it returns parses its own options. */
export type CreateCommand = (io: CliIo) => Command

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CreateCommand>
}

export const COMMANDS: readonly CommandEntry[] = [
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
    name: 'backup',
    summary: 'copy a whole service into a folder, while it runs',
    load: async () =>
      (await loadWithServer('backup', () => import('./commands/backup.ts'))).createBackupCommand,
  },
  {
    name: 'restore',
    summary: 'make a service of a backup',
    load: async () =>
      (await loadWithServer('restore', () => import('./commands/restore.ts'))).createRestoreCommand,
  },
  {
    name: 'copy',
    summary: 'move a running service to another catalog and another disk',
    load: async () =>
      (await loadWithServer('copy', () => import('./commands/copy.ts'))).createCopyCommand,
  },
  {
    name: 'fsck',
    summary: 'look whether everything that is kept is as it must be',
    load: async () =>
      (await loadWithServer('fsck', () => import('./commands/fsck.ts'))).createFsckCommand,
  },
  {
    name: 'migrate',
    summary: 'bring a catalog to the schema of this version',
    load: async () =>
      (await loadWithServer('migrate', () => import('./commands/migrate.ts'))).createMigrateCommand,
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
    name: 'import',
    summary: 'bring all of a folder, or of a bucket, into a running server',
    load: async () => (await import('./commands/import.ts')).createImportCommand,
  },
  {
    name: 'share',
    summary: 'upload a file and make a link to it, with a QR code if wanted',
    load: async () => (await import('./commands/share.ts')).createShareCommand,
  },
  {
    name: 'keys',
    summary: 'list, make, bound and revoke the keys of a running server',
    load: async () => (await import('./commands/keys.ts')).createKeysCommand,
  },
  {
    name: 'links',
    summary: 'list, pause and revoke the links of a running server',
    load: async () => (await import('./commands/links.ts')).createLinksCommand,
  },
  {
    name: 'revoke',
    summary: 'end a link, or all of a file, a folder, a key or a running server',
    load: async () => (await import('./commands/revoke.ts')).createRevokeCommand,
  },
  {
    name: 'policy',
    summary: 'show, try out and set what holds for links and uploads of a running server',
    load: async () => (await import('./commands/policy.ts')).createPolicyCommand,
  },
  {
    name: 'events',
    summary: 'show what happened at a running server, and what happens',
    load: async () => (await import('./commands/events.ts')).createEventsCommand,
  },
  {
    name: 'alerts',
    summary: 'list what looked wrong to a running server, and close it',
    load: async () => (await import('./commands/alerts.ts')).createAlertsCommand,
  },
  {
    name: 'stats',
    summary: 'count what a running server holds, and what happened in a day',
    load: async () => (await import('./commands/stats.ts')).createStatsCommand,
  },
  {
    name: 'master-key',
    summary: 'rotate the master key of a running server',
    load: async () => (await import('./commands/master-key.ts')).createMasterKeyCommand,
  },
  {
    name: 'doctor',
    summary: 'look at a running server with the security checklist, or at a bucket',
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
  {
    name: 'completion',
    summary: 'print a script with which a shell completes commands and options',
    load: async () => {
      const { createCompletionCommand } = await import('./commands/completion.ts')
      return (io) => createCompletionCommand(io, () => describeCommands(io))
    },
  },
]

/** All of them with their options, as far as what they need is installed. */
async function describeCommands(io: CliIo): Promise<CommandShape[]> {
  const { shapesOf } = await import('./completion/command-shapes.ts')
  const below = await Promise.all(
    COMMANDS.map(async ({ name, load }) => {
      const command = await loadIfThere(io, load)
      return command === null ? [] : shapesOf(command, name)
    }),
  )
  const children = COMMANDS.map(({ name, summary }) => ({ name, summary }))
  return [{ path: '', children, options: [], values: { kind: 'nothing' } }, ...below.flat()]
}

async function loadIfThere(io: CliIo, load: CommandEntry['load']): Promise<Command | null> {
  try {
    return (await load())(io)
  } catch (error) {
    if (error instanceof CliError) return null
    throw error
  }
}
