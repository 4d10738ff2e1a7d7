/**
 * `hallpass policy …`: what holds for links and uploads, of the whole instance or of a folder.
 *
 * @module
 */
import { Command } from 'commander'
import { compact } from '../compact.ts'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { formatBytes, formatTable, printable, write, writeJsonLine } from '../output.ts'
import { ask, canAsk } from '../remote/ask.ts'
import { callServer } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { ConnectionOptions } from '../remote/connection.ts'
import { formatValue } from '../remote/policy/policy-lines.ts'
import { policyCall, showPlace } from '../remote/policy/policy-place.ts'
import { previewPolicy } from '../remote/policy/preview-policy.ts'
import type { LastWeek } from '../remote/policy/preview-policy.ts'
import { addWishOptions, readWish } from '../remote/policy/read-wish.ts'
import type { WishOptions } from '../remote/policy/read-wish.ts'
import { listOf, memberOf, numberOf, textOf, textOrNullOf } from '../remote/read-shape.ts'

interface ShowOptions extends ConnectionOptions {
  readonly json?: boolean
}

type PreviewOptions = ShowOptions & WishOptions

interface SetOptions extends PreviewOptions {
  readonly reason?: string
  readonly yes?: boolean
}

const HELP = `
FOLDER is a bucket or a folder in it (acme/inbox); without it the whole instance is meant. docs/rest-api.md has every line. A folder can only
tighten what holds above it. 'set' leaves lines that are not named as they are; --preset and --file stand for the whole.

${CONNECTION_HELP} It needs the action admin there; show needs list for a folder.

Examples:
  hallpass policy show acme/inbox
  hallpass policy preview acme/inbox --line maxDownloadSeconds=1h
  hallpass policy set acme/inbox --line maxDownloadSeconds=1h --line contentTypes=image/* --reason 'photos only'
  hallpass policy set --preset strict --yes

Exit codes: 0 done · 1 a preview found links that would be refused, or the answer to the question was no · 2 the command line cannot be
used, or the server refuses · 3 the server cannot be reached.
`

export function createPolicyCommand(io: CliIo): Command {
  return new Command('policy')
    .description('Shows, tries out and sets what holds for links and uploads.')
    .usage('show|preview|set …')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .addCommand(createShowCommand(io))
    .addCommand(createPreviewCommand(io))
    .addCommand(createSetCommand(io))
}

const FOLDER = ['[FOLDER]', 'acme/inbox; without it, the instance'] as const

function createShowCommand(io: CliIo): Command {
  const command = new Command('show')
    .description('Shows every line that holds, and who says so.')
    .argument(...FOLDER)
    .option('--json', 'as JSON')
  return addConnectionOptions(command).action(
    async (place: string | undefined, options: ShowOptions) => {
      const connection = await readConnection(io, options)
      const call = { method: 'GET', path: policyCall(place) } as const
      const answer = await callServer(connection, call, (policy) => policy)
      if (options.json === true) await writeJsonLine(io.stdout, answer)
      else {
        await write(io.stdout, formatTable([['LINE', 'VALUE', 'FROM'], ...rowsOf(answer)]))
        for (const line of tellQuotas(answer)) await write(io.stdout, `${line}\n`)
      }
    },
  )
}

function rowsOf(policy: unknown): string[][] {
  return Object.entries(memberOf(policy, 'lines') ?? {}).map(([name, line]: [string, unknown]) => [
    name,
    formatValue(memberOf(line, 'value')),
    textOrNullOf(line, 'from') ?? 'the standard',
  ])
}

/** How full each folder is that may hold so much and no more. */
function tellQuotas(policy: unknown): string[] {
  return listOf(policy, 'quotas', (quota) => {
    const bytes = outOf(quota, ['usedBytes', 'maxTotalBytes'], formatBytes)
    const files = outOf(quota, ['usedFiles', 'maxFiles'], String)
    return `${printable(textOf(quota, 'from'))} holds ${bytes} and ${files} files`
  })
}

/** `3 of 7`, or `3` where there is no limit. */
function outOf(
  quota: unknown,
  [used, most]: readonly [used: string, most: string],
  format: (count: number) => string,
): string {
  const limit = memberOf(quota, most)
  const held = format(numberOf(quota, used))
  return typeof limit === 'number' ? `${held} of ${format(limit)}` : held
}

function createPreviewCommand(io: CliIo): Command {
  const command = new Command('preview')
    .description(
      'Shows which living links a change would refuse, and how many requests of the last week it would have. Changes nothing.',
    )
    .argument(...FOLDER)
    .option('--json', 'one line of JSON for each link')
  return addConnectionOptions(addWishOptions(command)).action(
    async (place: string | undefined, options: PreviewOptions) => {
      const connection = await readConnection(io, options)
      const wish = await readWish(io, connection, { place, options })
      let count = 0
      let lastWeek = ''
      const links = previewPolicy(connection, { place, wish }, (week) => {
        lastWeek = tellLastWeek(week)
      })
      for await (const link of links) {
        count += 1
        if (options.json === true) await writeJsonLine(io.stdout, link.answer)
        else
          await write(
            io.stdout,
            `${[link.id, link.rule, link.path, link.detail].map(printable).join('  ')}\n`,
          )
      }
      io.stderr.write(`${count} living links would be refused\n${lastWeek}`)
      if (count > 0) io.exitCode = EXIT.negative
    },
  )
}

function tellLastWeek({ refused, examined, unjudged, isComplete }: LastWeek): string {
  const newest = isComplete ? '' : ', the newest that are looked at'
  const others = unjudged === 0 ? '' : `; ${unjudged} more had URLs without a record`
  return `${refused} of ${examined} requests of the last week would have been refused${newest}${others}\n`
}

function createSetCommand(io: CliIo): Command {
  const command = new Command('set')
    .description('Sets lines of the policy, at once and for links that are out there as well.')
    .argument(...FOLDER)
    .option('--reason <TEXT>', 'why; kept with the change')
    .option('--yes', 'do not ask, though living links are refused by it')
    .option('--json', 'print what holds then as JSON')
  return addConnectionOptions(addWishOptions(command)).action(
    async (place: string | undefined, options: SetOptions) => {
      const connection = await readConnection(io, options)
      const wish = await readWish(io, connection, { place, options })
      if (options.yes !== true) {
        let count = 0
        for await (const _link of previewPolicy(connection, { place, wish })) count += 1
        if (count > 0) await requireYes(io, count)
      }
      const json = compact({ ...wish, reason: options.reason })
      const call = { method: 'PUT', path: policyCall(place), json, names: NAMES } as const
      const set = await callServer(connection, call, (answer) => ({
        answer,
        version: numberOf(answer, 'version'),
      }))
      if (options.json === true) await writeJsonLine(io.stdout, set.answer)
      else
        await write(
          io.stdout,
          `set the policy of ${printable(showPlace(place))}, version ${set.version}\n`,
        )
    },
  )
}

const NAMES = { reason: '--reason', preset: '--preset' }

async function requireYes(io: CliIo, count: number): Promise<void> {
  if (!canAsk(io)) {
    throw new CliError(
      `${count} living links would be refused: 'hallpass policy preview' shows them, and --yes sets it all the same.`,
    )
  }
  const answer = await ask(io, `${count} living links would be refused. Set it? [y/N] `)
  if (answer !== 'y' && answer !== 'yes') throw new CliError('nothing was changed.', EXIT.negative)
}
