/**
 * `hallpass copy`: a running service to another place.
 *
 * @module
 */
import { copyServiceTo } from '@hallpass/server'
import type { CopiedService } from '@hallpass/server'
import { Command } from 'commander'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { keepService } from '../keep-service.ts'
import { write, writeJsonLine } from '../output.ts'
import { readSettings } from '../service-options.ts'

const HELP = `
OLD and NEW are settings files as hallpass serve --config takes them; of both, dataDir, databaseUrl and blobs say where the data are. The target must be
empty. It may share the data directory or the object store with the source, where only the catalog moves.

The servers over OLD go on while everything is copied and every blob is compared with its hash. Servers over NEW may be started as soon as the copy runs: they wait.
When nearly nothing is left to copy, writers wait for a moment, the last of it is copied, and from then on OLD takes no writes: its servers stop
with exit code 2, and those over NEW begin. What is cut off goes on when it is called again.

Examples:
  hallpass copy --from sqlite.json --to postgres.json
  hallpass copy --from sqlite.json --to postgres.json --no-switch

The settings of an environment win over both files: leave HALLPASS_DATA_DIR, HALLPASS_DATABASE_URL and HALLPASS_BLOBS unset.

Exit codes: 0 done · 1 done, and blobs were damaged in OLD · 2 the command line cannot be used, or the target is not empty ·
3 a disk, a store or a database failed: call it again.
`

interface CopyOptions {
  readonly from: string
  readonly to: string
  readonly switch: boolean
  readonly json?: true
}

export function createCopyCommand(io: CliIo): Command {
  return new Command('copy')
    .description(
      'Copies a running service to another catalog and another disk or object store, and switches over.',
    )
    .requiredOption('--from <OLD>', 'settings of the service that runs')
    .requiredOption('--to <NEW>', 'settings of the service that shall run')
    .option('--no-switch', 'copy all, and leave the last of it and the switch to another call')
    .option('--json', 'say what was done as one line of JSON')
    .addHelpText('after', HELP)
    .action(async ({ from, to, switch: switches, json }: CopyOptions) => {
      const [source, target] = [readSettings(io, {}, from), readSettings(io, {}, to)]
      if (source.dataDir === target.dataDir && source.databaseUrl === target.databaseUrl) {
        throw new CliError(
          `${from} and ${to} name the same data. HALLPASS_DATA_DIR and HALLPASS_DATABASE_URL win over both files: unset them.`,
        )
      }
      const done = await keepService(io, (wish) =>
        copyServiceTo(source, target, { ...wish, switches }),
      )
      if (json === true) await writeJsonLine(io.stdout, done)
      else await write(io.stdout, describe(done))
      if (done.damaged > 0) io.exitCode = EXIT.negative
    })
}

function describe({ isSwitched, pausedMs, blobs, damaged }: CopiedService): string {
  const lines = [
    isSwitched
      ? `switched over; nobody could write for ${Math.ceil(pausedMs)} ms, and ${blobs} blobs were copied`
      : `copied ${blobs} blobs; call it again without --no-switch to switch over`,
  ]
  if (damaged > 0) {
    lines.push(
      `${damaged} blobs were damaged: what they hold is not served. hallpass fsck names the files.`,
    )
  }
  return `${lines.join('\n')}\n`
}
