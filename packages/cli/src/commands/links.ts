/**
 * `hallpass links …`: the links that a running server issued.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { createChangeLinkCommand, createShowLinkCommand } from '../remote/change-link.ts'
import { CONNECTION_HELP } from '../remote/connection.ts'
import { createListLinksCommand } from '../remote/list-links.ts'
import { createRevokeLinkCommand } from '../remote/revoke-link.ts'

const HELP = `
${CONNECTION_HELP} It needs the action share for the files.

Examples:
  hallpass links list --path acme/reports/ --status active
  hallpass links show ID
  hallpass links pause ID
  hallpass links resume ID
  hallpass links revoke ID

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

export function createLinksCommand(io: CliIo): Command {
  return new Command('links')
    .description('Lists, shows, pauses and revokes the links of a running server.')
    .usage('list|show|pause|resume|revoke …')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .addCommand(createListLinksCommand(io))
    .addCommand(createShowLinkCommand(io))
    .addCommand(createChangeLinkCommand(io, 'pause'))
    .addCommand(createChangeLinkCommand(io, 'resume'))
    .addCommand(createRevokeLinkCommand(io))
}
