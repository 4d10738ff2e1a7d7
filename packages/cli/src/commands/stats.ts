/**
 * `hallpass stats`: figures of a running server.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { formatBytes, formatFacts, write, writeJsonLine } from '../output.ts'
import { callServer } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { ConnectionOptions } from '../remote/connection.ts'
import { listOf, memberOf, numberOf, textOf, textOrNullOf } from '../remote/read-shape.ts'

interface Options extends ConnectionOptions {
  readonly bucket?: string
  readonly json?: boolean
}

const HELP = `
${CONNECTION_HELP} It needs the action admin; one with a path prefix is told what lies below it.
A figure with a plus behind it is what was looked at, and there is more.

Examples:
  hallpass stats
  hallpass stats --bucket acme --json

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

export function createStatsCommand(io: CliIo): Command {
  const command = new Command('stats')
    .description('Counts what is there, and what happened in a day.')
    .option('--bucket <NAME>', 'only of this bucket')
    .option('--json', 'all of it as one line of JSON')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(async ({ bucket, json, ...options }: Options) => {
    const connection = await readConnection(io, options)
    const path =
      bucket === undefined ? '/v1/stats' : `/v1/stats?bucket=${encodeURIComponent(bucket)}`
    const names = { bucket: '--bucket' }
    const { answer, text } = await callServer(
      connection,
      { method: 'GET', path, names },
      (told) => ({
        answer: told,
        text: formatStats(told),
      }),
    )
    if (json === true) await writeJsonLine(io.stdout, answer)
    else await write(io.stdout, text)
  })
}

function formatStats(stats: unknown): string {
  const server = memberOf(stats, 'server')
  const events = memberOf(stats, 'events')
  return formatFacts([
    ...(server === null ? [] : formatServer(server)),
    ['buckets', count(stats, 'buckets')],
    ['mounted', orNothing(numberOf(stats, 'mounted'))],
    ['files', withBytes(stats, 'files')],
    ['versions', withBytes(stats, 'versions')],
    ['uploads', count(stats, 'uploads')],
    ['links', states(stats, 'links')],
    ['shares', states(stats, 'shares')],
    ['held', count(stats, 'held')],
    ['alerts', count(stats, 'alerts')],
    ...listOf(events, 'kinds', (item) => ['in a day', happened(events, item, 'kind')] as const),
    ...listOf(events, 'codes', (item) => ['refused', happened(events, item, 'code')] as const),
  ])
}

function formatServer(server: unknown): (readonly [string, string | null])[] {
  return [
    ['version', textOf(server, 'version')],
    ['catalog', textOf(server, 'catalog')],
    ['blobs', textOf(server, 'blobs')],
    ['oldest key', textOrNullOf(server, 'oldestSigningKeyAt')],
  ]
}

function count(stats: unknown, name: string): string {
  const figure = memberOf(stats, name)
  return withPlus(figure, numberOf(figure, 'count'))
}

function withBytes(stats: unknown, name: string): string {
  return `${count(stats, name)}, ${formatBytes(numberOf(memberOf(stats, name), 'bytes'))}`
}

function states(stats: unknown, name: string): string {
  const figure = memberOf(stats, name)
  const [active, paused] = ['active', 'paused'].map((state) =>
    withPlus(figure, numberOf(figure, state)),
  )
  const ended = `${numberOf(figure, 'ended')}${memberOf(figure, 'isEndedPartial') === true ? '+' : ''}`
  return `${active} active, ${paused} paused, ${ended} ended`
}

function happened(events: unknown, item: unknown, name: string): string {
  return `${withPlus(events, numberOf(item, 'count'))} ${textOf(item, name)}`
}

function withPlus(figure: unknown, value: number): string {
  return memberOf(figure, 'isPartial') === true ? `${value}+` : String(value)
}

function orNothing(value: number): string | null {
  return value === 0 ? null : String(value)
}
