/**
 * `hallpass revoke`: ends one link, or every link of a file, below a folder, of a key, of a user or of the instance that was made before now.
 *
 * @module
 */
import { Command } from 'commander'
import { compact } from '../compact.ts'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { parseId } from '../option-values.ts'
import { printable, write, writeJsonLine } from '../output.ts'
import { readDocument } from '../read-input.ts'
import { ask, canAsk } from '../remote/ask.ts'
import { callServer } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { Connection, ConnectionOptions } from '../remote/connection.ts'
import { readRemotePath } from '../remote/files/remote-path.ts'
import { numberOf, readNothing, textOf } from '../remote/read-shape.ts'
import type { TypedNames } from '../typed-names.ts'

interface Options extends ConnectionOptions {
  readonly file?: string
  readonly folder?: string
  readonly key?: string
  readonly subject?: string
  readonly all?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

const NAMES: TypedNames = {
  file: '--file',
  folder: '--folder',
  key: '--key',
  subject: '--subject',
}

const HELP = `
A link is named by its id, or, on standard input with '-', by its whole URL, which is a secret until it has ended. What sweeps more than one link is
asked about at a terminal; elsewhere --yes must stand there.

${CONNECTION_HELP} It needs the action share for the files; --key and --all need admin.

Examples:
  hallpass revoke ID
  pbpaste | hallpass revoke -
  hallpass revoke --file acme/reports/annual.pdf --yes
  hallpass revoke --folder acme/reports --yes

Exit codes: 0 revoked · 1 the answer to the question was no, and nothing changed · 2 the command line cannot be used, or
the server refuses · 3 the server cannot be reached.
`

export function createRevokeCommand(io: CliIo): Command {
  const command = new Command('revoke')
    .description(
      'Ends a link, or all that were made before now for a file, a folder, a key or everything.',
    )
    .argument('[LINK]', "the link's id, or '-' for its URL on standard input")
    .option('--file <PATH>', 'every link to this file')
    .option('--folder <PATH>', 'every link to what lies below this folder')
    .option('--key <ID>', 'every link that this key signed or issued', parseId)
    .option('--subject <NAME>', 'every link that this end user issued, and their tokens')
    .option('--all', 'every link there is')
    .option('--yes', 'do not ask')
    .option('--json', 'print what ended as JSON')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(
    async (link: string | undefined, options: Options) => {
      const sweeps = sweepsOf(options)
      if (sweeps.length + (link === undefined ? 0 : 1) !== 1) {
        throw new CliError('name one link, or one of --file, --folder, --key, --subject and --all.')
      }
      const connection = await readConnection(io, options)
      if (link === undefined) await sweep(io, connection, options)
      else await revokeOne(io, connection, { id: await readLinkId(io, link), json: options.json })
    },
  )
}

function sweepsOf({ file, folder, key, subject, all }: Options): string[] {
  const given = { file, folder, key, subject, everything: all === true ? '' : undefined }
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`.trim()],
  )
}

/** The URL itself is never typed, so that no list of processes shows it. */
async function readLinkId(io: CliIo, typed: string): Promise<string> {
  if (typed !== '-') {
    if (/^[A-Za-z0-9._-]{1,128}$/.test(typed)) return typed
    throw new CliError("LINK is the id of a link; its URL goes to standard input, with '-' here.")
  }
  const id = URL.parse((await readDocument(io, '-')).trim())?.searchParams.get('X-Hallpass-Link')
  if (id !== null && id !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(id)) return id
  throw new CliError('standard input is not the URL of a link that Hallpass issued.')
}

async function revokeOne(
  io: CliIo,
  connection: Connection,
  { id, json }: { readonly id: string; readonly json: boolean | undefined },
): Promise<void> {
  const path = `/v1/links/${encodeURIComponent(id)}`
  await callServer(connection, { method: 'DELETE', path }, readNothing)
  if (json === true) await writeJsonLine(io.stdout, { revoked: [id] })
  else await write(io.stdout, `revoked ${id}\n`)
}

async function sweep(io: CliIo, connection: Connection, options: Options): Promise<void> {
  const what = printable(sweepsOf(options).join(''))
  if (options.yes !== true) {
    if (!canAsk(io)) throw new CliError(`say --yes to end every link of ${what}.`)
    const answer = await ask(io, `End every link of ${what} that was made before now? [y/N] `)
    if (answer !== 'y' && answer !== 'yes')
      throw new CliError('nothing was revoked.', EXIT.negative)
  }
  const { file, folder, key, subject, all } = options
  const json = compact({
    file: file === undefined ? undefined : readRemotePath(file),
    folder: folder === undefined ? undefined : readRemotePath(folder),
    key,
    subject,
    all,
  })
  const call = { method: 'POST', path: '/v1/revocations', json, names: NAMES } as const
  const made = await callServer(connection, call, (answer) => ({
    answer,
    links: numberOf(answer, 'links'),
    notice: textOf(answer, 'notice'),
  }))
  if (options.json === true) {
    await writeJsonLine(io.stdout, made.answer)
    return
  }
  await write(io.stdout, `revoked every link of ${what}: ${made.links} with a record\n`)
  io.stderr.write(`${printable(made.notice)}\n`)
}
