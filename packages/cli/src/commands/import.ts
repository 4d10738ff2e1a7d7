/**
 * `hallpass import`: all of a folder, or of a bucket, into a running server.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { isBucketUrl } from '../buckets/bucket-access.ts'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { loadWithServer } from '../load-with-server.ts'
import { parseCount } from '../option-values.ts'
import { formatBytes, printable, write, writeJsonLine } from '../output.ts'
import { unreadable } from '../read-input.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { ConnectionOptions } from '../remote/connection.ts'
import { asFolder, readRemotePath } from '../remote/files/remote-path.ts'
import { folderSource } from '../remote/import/folder-source.ts'
import type { ImportSource } from '../remote/import/import-source.ts'
import { OUTCOMES, runImport } from '../remote/import/run-import.ts'
import type { Imported, Outcome } from '../remote/import/run-import.ts'
import { createProgress } from '../remote/progress.ts'
import type { Progress } from '../remote/progress.ts'

interface Options extends ConnectionOptions {
  readonly dryRun?: boolean
  /** `false` with `--no-overwrite`. */
  readonly overwrite: boolean
  readonly parallel: number
  readonly json?: boolean
}

const HELP = `
SOURCE is a folder of this machine or the address of a bucket, s3://BUCKET/PREFIX?…; PATH is a bucket or folder of the server. Each file is compared by hash with what was
read, and what is there already with the same content is left out: what broke off, or failed, goes on when it is called again. Names stay as they are, byte for byte;
links, sockets, pipes and devices are left out. Files of a folder get their type by the ending of their names; objects of a bucket keep their type, their headers and metadata.

A bucket needs the package of the server beside the command, and the key comes from where the AWS command line finds it.

${CONNECTION_HELP}

Examples:
  hallpass import ./archive acme/archive
  hallpass import 's3://old-files/2026?region=eu-central-1' acme/2026 --parallel 16
  hallpass import ./archive acme/archive --dry-run

Exit codes: 0 done · 1 done, but for files that are named · 2 the command line cannot be used, or the server refuses · 3 the server, the store or the folder failed: call it again.
`

export function createImportCommand(io: CliIo): Command {
  const command = new Command('import')
    .description(
      'Brings all of a folder, or of a bucket, into a running server, and goes on where it was.',
    )
    .argument('<SOURCE>', 'a folder here, or s3://BUCKET/PREFIX?region=…')
    .argument('<PATH>', 'where it shall lie on the server: a bucket, or a folder in one')
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--no-overwrite', 'replace nothing')
    .option('--parallel <N>', 'so many files at once', parseCount, 4)
    .option('--json', 'one line of JSON for each file')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(
    async (from: string, path: string, options: Options) => {
      const connection = await readConnection(io, options)
      const folder = asFolder(readRemotePath(path))
      if (folder === '/') throw new CliError('PATH needs a bucket at least: acme.')
      const source = await openSource(io, from)
      try {
        await bring(io, { connection, source, folder, options })
      } finally {
        await source.close()
      }
    },
  )
}

async function openSource(io: CliIo, from: string): Promise<ImportSource> {
  if (isBucketUrl(from)) {
    const load = () => import('../buckets/bucket-source.ts')
    return (await loadWithServer('import', load)).bucketSource(io, from)
  }
  const path = resolve(io.cwd, from)
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(from, error)
  })
  if (found.isDirectory()) return folderSource(path, from)
  throw new CliError(`${from} is no folder. 'hallpass cp' takes single files.`)
}

interface Bringing {
  readonly connection: Awaited<ReturnType<typeof readConnection>>
  readonly source: ImportSource
  readonly folder: string
  readonly options: Options
}

async function bring(io: CliIo, { connection, source, folder, options }: Bringing): Promise<void> {
  const { overwrite, parallel, json = false, dryRun: isDryRun = false } = options
  const progress = await openProgress(io, source)
  const tally = createTally()
  const watch = {
    onBytes: progress.add,
    async onDone(imported: Imported) {
      tally.add(imported)
      if (json) await writeJsonLine(io.stdout, imported)
    },
  }
  const wish = { source, folder, overwrite, isDryRun, parallel }
  try {
    await runImport(io, connection, { wish, watch })
  } finally {
    progress.end()
    await write(io.stderr, tally.formatFailures())
    await write(json ? io.stderr : io.stdout, tally.formatSummary(isDryRun))
  }
  if (tally.counts.failed > 0) io.exitCode = EXIT.negative
}

/** Somebody who watches wants to know of how much: all of it is looked through once more for that, before. */
async function openProgress(io: CliIo, source: ImportSource): Promise<Progress> {
  const { stderr } = io
  let total = 0
  if ('isTTY' in stderr && stderr.isTTY === true) {
    for await (const entry of source.entries()) {
      if (entry.kind === 'file') total += entry.file.size
    }
  }
  return createProgress(io, { label: source.name, total })
}

/** Failures that are named; the others are counted. */
const NAMED = 1000

function createTally() {
  const counts: Record<Outcome, number> = { sent: 0, same: 0, kept: 0, 'left-out': 0, failed: 0 }
  const named: Imported[] = []
  let bytes = 0
  let held = 0
  return {
    counts,
    add(imported: Imported): void {
      const { outcome, size, heldId } = imported
      counts[outcome] += 1
      if (outcome === 'sent') bytes += size
      if (heldId !== null) held += 1
      const isNamed = outcome === 'failed' || outcome === 'left-out'
      if (isNamed && named.length < NAMED) named.push(imported)
    },
    formatFailures: (): string =>
      named
        .map(({ below, outcome, reason }) => {
          const mark = outcome === 'failed' ? 'FAILED' : 'left out'
          return `${mark.padEnd(8)}  ${printable(below)}: ${printable(reason ?? '')}\n`
        })
        .join(''),
    formatSummary(isDryRun: boolean): string {
      const words: Readonly<Record<Outcome, string>> = {
        sent: isDryRun ? 'to send' : 'sent',
        same: 'there already',
        kept: 'not replaced',
        'left-out': 'left out',
        failed: 'failed',
      }
      const parts = OUTCOMES.filter((one) => one === 'sent' || counts[one] > 0).map(
        (one) => `${counts[one]} ${words[one]}${one === 'sent' ? ` (${formatBytes(bytes)})` : ''}`,
      )
      const wait = held > 0 ? [`${held} wait in quarantine`] : []
      return `${[...parts, ...wait].join(', ')}\n`
    },
  }
}
