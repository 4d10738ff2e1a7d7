/**
 * `hallpass links …`: the links that a running server issued.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { CONNECTION_HELP } from '../remote/connection.ts'
import { createListLinksCommand } from '../remote/list-links.ts'
import { createRevokeLinkCommand } from '../remote/revoke-link.ts'

const HELP = `
${CONNECTION_HELP} It needs the action share for the files.

Examples:
  hallpass links list --path acme/reports/ --status active
  hallpass links revoke ID

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

export function createLinksCommand(io: CliIo): Command {
  return new Command('links')
    .description('Lists and revokes the links of a running server.')
    .usage('list|revoke …')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .addCommand(createListLinksCommand(io))
    .addCommand(createRevokeLinkCommand(io))
}
