/**
 * `hallpass keys …`: the keys of a running server.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { CONNECTION_HELP } from '../remote/connection.ts'
import { createCreateKeyCommand } from '../remote/create-key.ts'
import { createQuotaCommand } from '../remote/change-quota.ts'
import { createListKeysCommand } from '../remote/list-keys.ts'
import { createRevokeKeyCommand } from '../remote/revoke-key.ts'

const HELP = `
${CONNECTION_HELP} It needs the action admin and no prefix.

Examples:
  hallpass keys list
  hallpass keys create reports --actions read,list --prefix acme/reports --expires 90d > reports.key
  hallpass keys create backup --s3 --actions read,write,list --prefix acme > backup.env
  hallpass keys quota ID --max-bytes 2000000000 --max-files any
  hallpass keys revoke ID
  hallpass keys revoke ID --descendants --yes

Exit codes: 0 done · 1 the answer to a question was no · 2 the command line cannot be used, or the server refuses ·
3 the server cannot be reached.
`

export function createKeysCommand(io: CliIo): Command {
  return new Command('keys')
    .description('Lists, makes, bounds and revokes the keys of a running server.')
    .usage('list|create|quota|revoke …')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .addCommand(createListKeysCommand(io))
    .addCommand(createCreateKeyCommand(io))
    .addCommand(createQuotaCommand(io))
    .addCommand(createRevokeKeyCommand(io))
}
