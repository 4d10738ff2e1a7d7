/**
 * `hallpass alerts …`: what looked wrong to a running server.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { parseId } from '../option-values.ts'
import { formatTable, printable, write, writeJsonLine } from '../output.ts'
import { callServer } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { ConnectionOptions } from '../remote/connection.ts'
import { readPages } from '../remote/read-pages.ts'
import { listOf, memberOf, numberOf, textOf } from '../remote/read-shape.ts'

interface ListOptions extends ConnectionOptions {
  readonly closed?: boolean
  readonly json?: boolean
}

interface Alert {
  /** As the server answered it. */
  readonly answer: unknown
  readonly row: readonly string[]
}

const HELP = `
${CONNECTION_HELP} It needs the action admin.

Examples:
  hallpass alerts list
  hallpass alerts close ID
  hallpass links resume LINK

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

export function createAlertsCommand(io: CliIo): Command {
  return new Command('alerts')
    .description('Lists what looked wrong, and closes what was seen to.')
    .usage('list|close …')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .addCommand(createListCommand(io))
    .addCommand(createCloseCommand(io))
}

function createListCommand(io: CliIo): Command {
  const command = new Command('list')
    .description('Lists alerts, newest first: the open ones.')
    .option('--closed', 'those that are closed instead')
    .option('--json', 'one line of JSON for each alert')
  return addConnectionOptions(command).action(async (options: ListOptions) => {
    const connection = await readConnection(io, options)
    const query = { limit: '1000', state: options.closed === true ? 'closed' : 'open' }
    const alerts: Alert[] = []
    for await (const alert of readPages(connection, { path: '/v1/alerts', query }, readAlerts)) {
      if (options.json === true) await writeJsonLine(io.stdout, alert.answer)
      else alerts.push(alert)
    }
    if (options.json === true) return
    if (alerts.length === 0) io.stderr.write('none\n')
    else await write(io.stdout, formatTable([HEADINGS, ...alerts.map(({ row }) => row)]))
  })
}

const HEADINGS = ['ID', 'LAST', 'RULE', 'MEASURED', 'TIMES', 'PAUSED', 'ABOUT', 'PATH']

function readAlerts(answer: unknown): Alert[] {
  return listOf(answer, 'alerts', (item) => ({
    answer: item,
    row: [
      textOf(item, 'id'),
      textOf(item, 'lastAt'),
      textOf(item, 'rule'),
      `${numberOf(item, 'measured')}/${numberOf(item, 'threshold')}`,
      String(numberOf(item, 'times')),
      memberOf(item, 'paused') === true ? 'yes' : 'no',
      textOf(item, 'subject'),
      memberOf(item, 'path') === null ? '-' : textOf(item, 'path'),
    ],
  }))
}

function createCloseCommand(io: CliIo): Command {
  const command = new Command('close')
    .description('Says that an alert was seen to. A link that was paused with it stays so.')
    .argument('<ID>', "the alert's id, from 'hallpass alerts list'", parseId)
  return addConnectionOptions(command).action(async (id: string, options: ConnectionOptions) => {
    const path = `/v1/alerts/${encodeURIComponent(id)}/close`
    const connection = await readConnection(io, options)
    const alert = await callServer(connection, { method: 'POST', path }, (answer) => ({
      rule: textOf(answer, 'rule'),
      link: memberOf(answer, 'paused') === true ? textOf(answer, 'link') : null,
    }))
    await write(io.stdout, `closed ${printable(id)} (${printable(alert.rule)})\n`)
    if (alert.link === null) return
    const link = printable(alert.link)
    io.stderr.write(`its link is paused: 'hallpass links resume ${link}' lets it go on\n`)
  })
}
