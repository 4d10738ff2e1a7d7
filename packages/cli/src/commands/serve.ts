/** `hallpass serve`: runs the file server until a signal. Every setting is a flag. */
import { SETTINGS, SETTING_NAMES, formatConfig, serve } from '@hallpass/server'
import { Command, Option } from 'commander'
import type { CliIo } from '../io.ts'
import { readSettings } from '../service-options.ts'

const HELP = `
Every option is also an environment variable (--data-dir is HALLPASS_DATA_DIR) and a key of the JSON
file given with --config (dataDir). Secrets can be read from a file: --admin-key-file,
HALLPASS_ADMIN_KEY_FILE, adminKeyFile. A secret on the command line is visible to every user of the
machine. Flags win over the environment, which wins over the file.

Exit codes: 0 stopped by a signal · 2 the settings or the data cannot be used · 3 the database or the object store cannot
answer now: start it again later.
`

export function createServeCommand(io: CliIo): Command {
  const command = new Command('serve')
    .description('Run the file server until SIGTERM or SIGINT.')
    .option('--config <FILE>', 'read settings from a JSON file')
    .option('--print-config', 'print the settings that would be used, without secrets, and exit')
    .addHelpText('after', HELP)
  for (const name of SETTING_NAMES) {
    const { flag, placeholder, summary, isSecret } = SETTINGS[name]
    command.addOption(new Option(`${flag} <${placeholder}>`, summary))
    if (isSecret) command.addOption(new Option(`${flag}-file <FILE>`, 'the same, from a file'))
  }
  return command.action(async (options: Record<string, string | boolean | undefined>) => {
    // Commander names options as the settings are named: `--data-dir` becomes `dataDir`.
    const { config: file, printConfig, ...flags } = options
    const config = readSettings(
      io,
      flags as Record<string, string | undefined>,
      typeof file === 'string' ? file : null,
    )
    if (printConfig === true) {
      io.stdout.write(formatConfig(config))
      return
    }
    const { stdout, stderr } = io
    io.exitCode = await serve(config, { stdout, stderr, followsParent: isRunByNpm(io) })
  })
}

/** npm and npx put a shell before the command, and their signals end at that shell. */
function isRunByNpm({ env }: CliIo): boolean {
  return env['npm_command'] !== undefined
}
