/**
 * `hallpass keys revoke`: shows what a key would take with it, asks which of it shall end, and ends it.
 *
 * @module
 */
import { Command, Option } from 'commander'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { formatFacts, printable, write, writeJsonLine } from '../output.ts'
import { ask, canAsk } from './ask.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { Connection, ConnectionOptions } from './connection.ts'
import { KEY_KINDS, endKey, fetchDescendants, findKey } from './key-records.ts'
import type { KeyFact, KeyRecord } from './key-records.ts'

interface Options extends ConnectionOptions {
  readonly descendants?: boolean
  readonly only?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

type Extent = 'only' | 'descendants'

const HELP = `
Shows the keys that it made, and asks: this key alone, or with it the keys that it made, theirs, and every link that it
and they issued. Without a terminal nobody can be asked, and --only or --descendants must say it.

Exit codes: 0 revoked · 1 the answer to the question was no, and nothing changed · 2 the command line cannot be used, or
the server refuses · 3 the server cannot be reached.
`

export function createRevokeKeyCommand(io: CliIo): Command {
  const command = new Command('revoke')
    .description('Ends an API key or an S3 key pair, everywhere within a second.')
    .argument('<ID>', "the key's id, from 'hallpass keys list'")
    .option('--descendants', 'with the keys that it made, theirs, and the links of all of them')
    .addOption(
      new Option('--only', 'this key alone; keys and links that it made go on').conflicts(
        'descendants',
      ),
    )
    .option('--yes', 'do not ask whether --only or --descendants is meant')
    .option('--json', 'print what ended as JSON')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(async (id: string, options: Options) => {
    const given = extentOf(options)
    if (given === null && (options.yes === true || !canAsk(io))) throw new CliError(UNDECIDED)
    const connection = await readConnection(io, options)
    const key = await findKey(connection, id)
    const descendants = await fetchDescendants(connection, key)
    await write(io.stderr, describe(key, descendants))
    const mustAsk = options.yes !== true && canAsk(io)
    const extent = mustAsk ? await askExtent(io, given, key) : given
    if (extent === null) throw new CliError('nothing was revoked.', EXIT.negative)
    await reportEnded(io, options, await end(connection, key, extent))
  })
}

const UNDECIDED =
  'say what shall end: --only for this key alone, or --descendants for it, the keys that it made and all their links.'

function extentOf({ only, descendants }: Options): Extent | null {
  if (only === true) return 'only'
  return descendants === true ? 'descendants' : null
}

function describe(key: KeyRecord, descendants: readonly KeyFact[]): string {
  const since = key.revokedAt === null ? '' : `, revoked at ${key.revokedAt}`
  const head = `${printable(called(key))}${since}\n`
  if (descendants.length === 0) return `${head}No living key was made with it.\n`
  const facts = descendants.map(
    ({ kind, id, name }) => [id, `${KEY_KINDS[kind].called} (${name})`] as const,
  )
  return `${head}Living keys made with it, or with those (${descendants.length}):\n${formatFacts(facts)}`
}

function called({ kind, id, name }: KeyFact): string {
  return `${KEY_KINDS[kind].called} ${id} (${name})`
}

/** What was given needs a yes; what was not is chosen. Anything else than a clear answer is a no. */
async function askExtent(io: CliIo, given: Extent | null, key: KeyFact): Promise<Extent | null> {
  if (given !== null) {
    const what = given === 'only' ? 'this key alone' : 'it, these keys and all their links'
    const answer = await ask(io, `Revoke ${printable(key.id)}: ${what}? [y/N] `)
    return answer === 'y' || answer === 'yes' ? given : null
  }
  const answer = await ask(
    io,
    `Revoke ${printable(key.id)}: this key 'only', 'all' (it, these keys and every link of theirs), or 'nothing'? [only/all/NOTHING] `,
  )
  if (answer === 'only') return 'only'
  return answer === 'all' ? 'descendants' : null
}

/** A key that is over already ends no second time; what it made still can. */
async function end(connection: Connection, key: KeyRecord, extent: Extent): Promise<string[]> {
  if (extent === 'only' && key.revokedAt !== null) return []
  return endKey(connection, key, { descendants: extent === 'descendants' })
}

async function reportEnded(
  io: CliIo,
  { json }: Options,
  revoked: readonly string[],
): Promise<void> {
  if (json === true) await writeJsonLine(io.stdout, { revoked })
  else if (revoked.length === 0) await write(io.stdout, 'nothing was left to revoke\n')
  else await write(io.stdout, revoked.map((id) => `revoked ${printable(id)}\n`).join(''))
}
