/**
 * `hallpass ls`: buckets, or what lies in a folder. URLs that fetch the files are not shown.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { formatBytes, printable, write, writeJsonLine } from '../output.ts'
import { callServer } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { Connection, ConnectionOptions } from '../remote/connection.ts'
import { findFile, listFolder } from '../remote/files/remote-files.ts'
import type { Entry, RemoteFile } from '../remote/files/remote-files.ts'
import { readRemotePath } from '../remote/files/remote-path.ts'
import { listOf, textOf } from '../remote/read-shape.ts'

interface Options extends ConnectionOptions {
  readonly recursive?: boolean
  readonly bytes?: boolean
  readonly json?: boolean
}

const HELP = `
${CONNECTION_HELP} It needs the action list for the folder.

Examples:
  hallpass ls
  hallpass ls acme/reports
  hallpass ls -r acme/reports --json

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

export function createLsCommand(io: CliIo): Command {
  const command = new Command('ls')
    .description('Lists buckets, or the files and folders of a folder.')
    .argument('[PATH]', 'a folder, or one file: acme/reports. Without it, the buckets')
    .option('-r, --recursive', 'every file below')
    .option('--bytes', 'sizes in bytes')
    .option('--json', 'one line of JSON for each bucket, folder and file')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(
    async (path: string | undefined, options: Options) => {
      const connection = await readConnection(io, options)
      if (path === undefined) await showBuckets(io, connection, options)
      else await showFolder(io, connection, { ...options, path: readRemotePath(path) })
    },
  )
}

async function showBuckets(io: CliIo, connection: Connection, { json }: Options): Promise<void> {
  const names = await callServer(connection, { method: 'GET', path: '/v1/buckets' }, (answer) =>
    listOf(answer, 'buckets', (item) => textOf(item, 'name')),
  )
  for (const name of names) {
    if (json === true) await writeJsonLine(io.stdout, { bucket: name })
    else await write(io.stdout, `${printable(name)}/\n`)
  }
}

async function showFolder(
  io: CliIo,
  connection: Connection,
  options: Options & { readonly path: string },
): Promise<void> {
  const { path, recursive = false } = options
  let isEmpty = true
  for await (const entry of listFolder(connection, path, { recursive })) {
    isEmpty = false
    await writeEntry(io, entry, options)
  }
  if (!isEmpty || !path.includes('/') || path.endsWith('/')) return
  const file = await findFile(connection, path)
  if (file !== null) await writeEntry(io, { kind: 'file', file }, options)
}

async function writeEntry(io: CliIo, entry: Entry, options: Options): Promise<void> {
  if (options.json === true) {
    await writeJsonLine(
      io.stdout,
      entry.kind === 'file' ? viewFile(entry.file) : { folder: entry.path },
    )
    return
  }
  await write(io.stdout, entry.kind === 'file' ? fileLine(entry.file, options) : folderLine(entry))
}

function viewFile({ fetchUrl: _secret, ...file }: RemoteFile): object {
  return file
}

const SIZE_WIDTH = 10
const TIME_WIDTH = '2026-03-14 09:26'.length
const VISIBILITY_WIDTH = 'private'.length

function fileLine({ size, modifiedAt, visibility, path }: RemoteFile, { bytes }: Options): string {
  const columns = [
    (bytes === true ? String(size) : formatBytes(size)).padStart(SIZE_WIDTH),
    modifiedAt.replace('T', ' ').slice(0, TIME_WIDTH).padEnd(TIME_WIDTH),
    visibility.padEnd(VISIBILITY_WIDTH),
    path,
  ]
  return `${columns.map(printable).join('  ')}\n`
}

function folderLine({ path }: { readonly path: string }): string {
  const blank = ' '.repeat(SIZE_WIDTH + TIME_WIDTH + VISIBILITY_WIDTH + 4)
  return `${blank}  ${printable(path)}\n`
}
