/**
 * `hallpass events`: what happened at a running server, and what happens.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { parseId, parsePositive, parseSince } from '../option-values.ts'
import { printable, write, writeJsonLine } from '../output.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { Connection, ConnectionOptions } from '../remote/connection.ts'
import { followStream } from '../remote/events/follow-stream.ts'
import { formatEvent } from '../remote/events/format-event.ts'
import { queryText } from '../remote/query-text.ts'
import { readPages } from '../remote/read-pages.ts'
import { listOf } from '../remote/read-shape.ts'

interface Options extends ConnectionOptions {
  readonly link?: string
  readonly path?: string
  readonly key?: string
  readonly code?: string
  readonly kind?: string
  readonly since?: number | Date
  readonly follow?: boolean
  readonly limit?: number
  readonly json?: boolean
}

const DEFAULT_LIMIT = 50
const MAX_PAGE = 1000

const HELP = `
The oldest first, the latest of them last. --follow shows what happens from now on, and goes on where it was after a break; Ctrl-C ends it.

${CONNECTION_HELP} It needs the action admin where it happened.

Examples:
  hallpass events --path acme/reports/ --since 1d
  hallpass events --link ID --json
  hallpass events --follow --code signature-expired

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

const NAMES = {
  link: '--link',
  path: '--path',
  key: '--key',
  code: '--code',
  kind: '--kind',
  since: '--since',
}

export function createEventsCommand(io: CliIo): Command {
  const command = new Command('events')
    .description('Shows who did what, from where, and how it ended. Never a URL.')
    .option('--link <ID>', 'only of this link', parseId)
    .option('--path <PATH>', 'only of this file, or below this folder if it ends in a slash')
    .option('--key <ID>', 'only of this key', parseId)
    .option('--code <CODE>', 'only what was refused with this code')
    .option('--kind <KIND>', 'only of this kind: download, upload, refusal, link.issued, …')
    .option('--since <TIME>', 'only since then: 1h ago, or 2026-03-14T09:26:53Z', parseSince)
    .option('-f, --follow', 'what happens from now on, as it happens')
    .option('--limit <COUNT>', `so many; ${DEFAULT_LIMIT} unless --follow`, parsePositive)
    .option('--json', 'one line of JSON for each event')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(async (options: Options) => {
    const connection = await readConnection(io, options)
    if (options.follow === true) await follow(io, connection, options)
    else await list(io, connection, options)
  })
}

function filtersOf(io: CliIo, options: Options): Record<string, string | undefined> {
  const { link, path, key, code, kind, since } = options
  const moment = typeof since === 'number' ? new Date(io.now().getTime() - since * 1000) : since
  return { link, path, key, code, kind, since: moment?.toISOString() }
}

async function list(io: CliIo, connection: Connection, options: Options): Promise<void> {
  const { limit = DEFAULT_LIMIT } = options
  const query = { ...filtersOf(io, options), limit: String(Math.min(limit, MAX_PAGE)) }
  const latest: unknown[] = []
  const call = { path: '/v1/events', query, names: NAMES }
  for await (const event of readPages(connection, call, readEvents)) {
    latest.push(event)
    if (latest.length === limit) break
  }
  for (const event of latest.toReversed()) await show(io, options, event)
}

function readEvents(answer: unknown): unknown[] {
  return listOf(answer, 'events', (item) => item)
}

async function follow(io: CliIo, connection: Connection, options: Options): Promise<void> {
  const path = `/v1/events/stream?${queryText(filtersOf(io, options))}`
  const onBroken = (reason: string): void => {
    io.stderr.write(`broke off (${printable(reason)}); trying again\n`)
  }
  let left = options.limit ?? Number.POSITIVE_INFINITY
  for await (const event of followStream(connection, { path, onBroken })) {
    await show(io, options, event)
    left -= 1
    if (left === 0) return
  }
}

async function show(io: CliIo, { json }: Options, event: unknown): Promise<void> {
  if (json === true) await writeJsonLine(io.stdout, event)
  else await write(io.stdout, formatEvent(event))
}
