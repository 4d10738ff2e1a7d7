/** Where the master keys come from: a file of the data directory, which the server makes and changes itself, a setting, or a command. */
import { execSync } from 'node:child_process'
import type { Config } from '../config.ts'
import { ConfigError } from '../config.ts'
import { fixedMasterKeys } from '../core/keys/master-keys.ts'
import type { MasterKeys } from '../core/keys/master-keys.ts'
import { openMasterKeyFile } from './master-key-file.ts'
import type { MasterKeyFileSources } from './master-key-file.ts'
import { parseMasterKeys } from './master-key-list.ts'

export type MasterKeySettings = Pick<Config, 'dataDir' | 'masterKey' | 'masterKeyCommand'>

const COMMAND_TIMEOUT_MS = 30_000
const MAX_OUTPUT_BYTES = 64 * 1024

/** True where no file of the data directory holds them. */
export function isKeptElsewhere({
  masterKey,
  masterKeyCommand,
}: Omit<MasterKeySettings, 'dataDir'>): boolean {
  return masterKey !== null || masterKeyCommand !== null
}

/** Throws `ConfigError`. A file is made where there is none, in a directory whose state `requireWholeData` has seen. */
export function openMasterKeys(
  { dataDir, masterKey, masterKeyCommand }: MasterKeySettings,
  sources: MasterKeyFileSources,
): MasterKeys {
  if (masterKey !== null) return fixedMasterKeys(...parseMasterKeys(masterKey.reveal()))
  if (masterKeyCommand !== null) return fixedMasterKeys(...readFromCommand(masterKeyCommand))
  return openMasterKeyFile(dataDir, sources)
}

/** The command's own complaints go where the server's do. What it printed is quoted nowhere. */
function readFromCommand(command: string): ReturnType<typeof parseMasterKeys> {
  const text = run(command)
  try {
    return parseMasterKeys(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'cannot be used'
    throw new ConfigError([`What HALLPASS_MASTER_KEY_COMMAND printed ${reason}.`])
  }
}

function run(command: string): string {
  try {
    return execSync(command, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: COMMAND_TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    })
  } catch {
    // What it threw holds what was printed.
    const limit = `within ${COMMAND_TIMEOUT_MS / 1000} seconds`
    throw new ConfigError([
      `HALLPASS_MASTER_KEY_COMMAND failed: it must print the master key and end with 0 ${limit}.`,
    ])
  }
}
