/**
 * `hallpass links list`.
 *
 * @module
 */
import { Command, Option } from 'commander'
import type { CliIo } from '../io.ts'
import { printable, write, writeJsonLine } from '../output.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { Connection, ConnectionOptions } from './connection.ts'
import { readPages } from './read-pages.ts'
import { listOf, memberOf, numberOf, textOf } from './read-shape.ts'

interface Options extends ConnectionOptions {
  readonly path?: string
  readonly status?: string
  readonly key?: string
  readonly json?: boolean
}

interface Link {
  /** As the server answered it. */
  readonly answer: unknown
  readonly line: string
}

const PAGE = '1000'

export function createListLinksCommand(io: CliIo): Command {
  const command = new Command('list')
    .description('Lists the links issued, newest first, never their URLs.')
    .option('--path <PATH>', 'only to this file, or below this folder if it ends in a slash')
    .addOption(
      new Option('--status <STATUS>', 'only those of which this became').choices([
        'active',
        'expired',
        'used-up',
        'revoked',
      ]),
    )
    .option('--key <ID>', 'only those that this key issued')
    .option('--json', 'one line of JSON for each link')
  return addConnectionOptions(command).action(async (options: Options) => {
    const connection = await readConnection(io, options)
    for await (const { answer, line } of linksOf(connection, options)) {
      if (options.json === true) await writeJsonLine(io.stdout, answer)
      else await write(io.stdout, line)
    }
  })
}

function linksOf(connection: Connection, { path, status, key }: Options): AsyncGenerator<Link> {
  const query = { limit: PAGE, path, status, key }
  return readPages(connection, { path: '/v1/links', query, names: NAMES }, (answer) =>
    listOf(answer, 'links', (item) => ({ answer: item, line: formatLink(item) })),
  )
}

const NAMES = { path: '--path', status: '--status', key: '--key' }

/** One line. A link that stands still is in time all the same: the server has `active` for it, beside `pausedAt`. */
export function formatLink(item: unknown): string {
  const maxUses = memberOf(item, 'maxUses') === null ? '' : `/${numberOf(item, 'maxUses')}`
  const columns = [
    textOf(item, 'id'),
    stateOf(item).padEnd('used-up'.length),
    textOf(item, 'method').padEnd('POST'.length),
    `until ${textOf(item, 'expiresAt')}`,
    `used ${numberOf(item, 'uses')}${maxUses}`,
    textOf(item, 'path'),
  ]
  return `${columns.map(printable).join('  ')}\n`
}

function stateOf(item: unknown): string {
  const status = textOf(item, 'status')
  return status === 'active' && typeof memberOf(item, 'pausedAt') === 'string' ? 'paused' : status
}
