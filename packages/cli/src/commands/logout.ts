/**
 * `hallpass logout`: forgets a server and its key. The key itself lives on.
 *
 * @module
 */
import { Command } from 'commander'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { parseProfileName } from '../option-values.ts'
import { write } from '../output.ts'
import { DEFAULT_PROFILE, readProfiles, writeProfiles } from '../remote/profiles.ts'

const HELP = `
The key goes on working for whoever has it: 'hallpass keys revoke' ends it.

Examples:
  hallpass logout
  hallpass logout --profile admin

Exit codes: 0 done · 2 there is no such profile · 3 the file cannot be written.
`

export function createLogoutCommand(io: CliIo): Command {
  return new Command('logout')
    .description("Forgets a server and its key, which 'hallpass login' kept.")
    .option('--profile <NAME>', 'which one', parseProfileName, DEFAULT_PROFILE)
    .addHelpText('after', HELP)
    .action(async ({ profile }: { readonly profile: string }) => {
      const profiles = new Map(await readProfiles(io))
      const forgotten = profiles.get(profile)
      if (forgotten === undefined) throw new CliError(`there is no profile ${profile}.`)
      profiles.delete(profile)
      await writeProfiles(io, profiles)
      await write(io.stdout, `forgot ${forgotten.url}\n`)
    })
}
