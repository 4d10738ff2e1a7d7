/**
 * Options of the commands that work on the data of a service themselves, without asking its server: where they are, as `hallpass serve`
 * is told.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { ConfigError, EXIT_REFUSED, SETTINGS, StoreError, readConfig } from '@hallpass/server'
import type { Config, SettingName } from '@hallpass/server'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CliError, EXIT } from './io.ts'
import type { CliIo } from './io.ts'

/** Those that say where the data are. */
const PLACES: readonly SettingName[] = [
  'dataDir',
  'databaseUrl',
  'blobs',
  'blobsAccessKeyId',
  'blobsSecretAccessKey',
]

export const SERVICE_HELP = `The data are found as hallpass serve finds them: --config, HALLPASS_DATA_DIR, HALLPASS_DATABASE_URL, HALLPASS_BLOBS,
or the options above.`

export type ServiceOptions = Readonly<Record<string, string | boolean | undefined>>

export function addServiceOptions(command: Command): Command {
  command.option('--config <FILE>', 'read settings from a JSON file')
  for (const name of PLACES) {
    const { flag, placeholder, summary, isSecret } = SETTINGS[name]
    command.addOption(new Option(`${flag} <${placeholder}>`, summary))
    if (isSecret) command.addOption(new Option(`${flag}-file <FILE>`, 'the same, from a file'))
  }
  return command
}

/** Throws CliError. Only what says where the data are is taken of the options. */
export function readServiceConfig(io: CliIo, options: ServiceOptions): Config {
  const names = PLACES.flatMap((name) => [name, `${name}File`])
  const given = names.flatMap((name) => {
    const text = options[name]
    return typeof text === 'string' ? [[name, text] as const] : []
  })
  const { config } = options
  return readSettings(io, Object.fromEntries(given), typeof config === 'string' ? config : null)
}

/** Throws CliError. */
export function readSettings(
  io: CliIo,
  flags: Readonly<Record<string, string | undefined>>,
  configFile: string | null,
): Config {
  try {
    return readConfig({
      env: io.env,
      flags,
      configFile,
      cwd: io.cwd,
      readFile: (path) => readFileSync(path, 'utf8'),
    })
  } catch (error) {
    throw toCliError(error)
  }
}

/** Runs what works on the data; what cannot be is told as a sentence. */
export async function withService<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw toCliError(error)
  }
}

function toCliError(error: unknown): unknown {
  if (error instanceof ConfigError) {
    return new CliError(error.problems.join('\nhallpass: '), EXIT_REFUSED, error)
  }
  if (!(error instanceof StoreError)) return error
  const exitCode = error.fault === 'conflict' ? EXIT.usage : EXIT.failure
  return new CliError(error.message, exitCode, error)
}
