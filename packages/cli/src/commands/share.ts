/**
 * `hallpass share`: uploads a file, and makes a link to it. The link alone goes to standard output.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { compact } from '../compact.ts'
import type { CliIo } from '../io.ts'
import { collectText, parseCount, parseSeconds } from '../option-values.ts'
import { printable, write, writeJsonLine } from '../output.ts'
import { callServer } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { Connection, ConnectionOptions } from '../remote/connection.ts'
import { asFolder, findRemotePath, readRemotePath } from '../remote/files/remote-path.ts'
import { fingerprint, lookAtFile } from '../remote/files/local-file.ts'
import { uploadFile } from '../remote/files/upload-file.ts'
import { fetchMe } from '../remote/me.ts'
import { createProgress } from '../remote/progress.ts'
import { textOf } from '../remote/read-shape.ts'
import { copyText } from '../remote/share/copy-text.ts'
import type { TypedNames } from '../typed-names.ts'

interface Options extends ConnectionOptions {
  readonly for?: number
  readonly uses?: number
  readonly ip?: string[]
  readonly reason?: string
  readonly label?: string
  readonly filename?: string
  readonly inline?: boolean
  readonly to?: string
  readonly overwrite?: boolean
  readonly qr?: boolean
  /** `false` with `--no-copy`. */
  readonly copy: boolean
  readonly json?: boolean
}

interface Shared {
  readonly id: string
  readonly url: string
  /** ISO 8601. */
  readonly expiresAt: string
}

const NAMES: TypedNames = {
  path: 'the path',
  expiresIn: '--for',
  maxUses: '--uses',
  ip: '--ip',
  reason: '--reason',
  label: '--label',
  filename: '--filename',
}

const HELP = `
A file of this machine is uploaded first: to --to, or to a folder of its own in the bucket 'shares' (below the prefix of the key, if it has
one). A file that is on the server already is named hp:acme/report.pdf. A link that lives longer than a day needs a reason, and gets one that
says where it came from unless --reason is there. At a terminal the link is also put on the clipboard.

${CONNECTION_HELP} It needs the actions write and share, and read.

Examples:
  hallpass share report.pdf
  hallpass share report.pdf --for 2d --uses 1 --qr
  hallpass share hp:acme/reports/annual.pdf --for 1h --ip 203.0.113.0/24

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 a file or the server failed.
`

export function createShareCommand(io: CliIo): Command {
  const command = new Command('share')
    .description('Uploads a file and makes a link to it.')
    .argument('<FILE>', 'a file here, or one on the server: hp:acme/report.pdf')
    .option(
      '--for <TIME>',
      'how long the link lives: 1h, 2d; else what the policy there says',
      parseSeconds,
    )
    .option('--uses <COUNT>', 'how often it can be used', parseCount)
    .option('--ip <RANGE>', 'only from this address or range; as often as there are', collectText)
    .option('--reason <TEXT>', 'why there is this link; kept with its record')
    .option('--label <TEXT>', 'what you call it; shown with its record')
    .option('--filename <NAME>', 'what it is saved as')
    .option('--inline', 'shown by browsers in place of saved, where that is safe')
    .option(
      '--to <PATH>',
      'where a file of this machine goes: a folder with a slash at its end, or the whole path',
    )
    .option('--overwrite', 'it may replace a file there')
    .option('--qr', 'show the link as a QR code, too')
    .addOption(new Option('--no-copy', 'do not put the link on the clipboard'))
    .option('--json', 'print id, link and end as JSON')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(async (file: string, options: Options) => {
    const connection = await readConnection(io, options)
    const path = findRemotePath(file) ?? (await upload(io, connection, { ...options, file }))
    await show(io, await createLink(connection, path, options), options)
  })
}

/** Resolves to the path it has on the server. */
async function upload(
  io: CliIo,
  connection: Connection,
  { file, to, overwrite = false }: Options & { readonly file: string },
): Promise<string> {
  const local = await lookAtFile(resolve(io.cwd, file), file)
  const name = basename(local.path)
  const target = to === undefined ? await ownFolder(io, connection) : readRemotePath(to)
  const sha256 = await fingerprint(local)
  const progress = createProgress(io, { label: name, total: local.size })
  const stored = await uploadFile(io, connection, {
    file: local,
    target: target.endsWith('/') ? `${target}${name}` : target,
    contentType: null,
    overwrite,
    sha256,
    onBytes: progress.add,
  }).finally(progress.end)
  io.stderr.write(`uploaded to ${printable(stored.path)}\n`)
  return stored.path
}

/** Of each share, so that one name can be shared again and again. */
async function ownFolder(io: CliIo, connection: Connection): Promise<string> {
  const { pathPrefix } = await fetchMe(connection)
  const day = io.now().toISOString().slice(0, 10)
  const home = pathPrefix === '' ? 'shares/' : asFolder(pathPrefix)
  return `${home}${day}-${randomBytes(5).toString('hex')}/`
}

const DAY_SECONDS = 86_400

async function createLink(connection: Connection, path: string, options: Options): Promise<Shared> {
  const { uses, ip, label, filename, inline } = options
  const isLong = options.for !== undefined && options.for > DAY_SECONDS
  const json = compact({
    path,
    expiresIn: options.for,
    maxUses: uses,
    ip,
    label,
    filename,
    disposition: inline === true ? 'inline' : undefined,
    reason: options.reason ?? (isLong ? 'shared with hallpass share' : undefined),
  })
  return callServer(
    connection,
    { method: 'POST', path: '/v1/links', json, names: NAMES },
    (answer) => ({
      id: textOf(answer, 'id'),
      url: textOf(answer, 'url'),
      expiresAt: textOf(answer, 'expiresAt'),
    }),
  )
}

async function show(io: CliIo, shared: Shared, options: Options): Promise<void> {
  const { id, url, expiresAt } = shared
  // First, so that a link that cannot be written down can be revoked.
  io.stderr.write(`link ${id} until ${expiresAt}; 'hallpass links revoke ${id}' ends it\n`)
  if (options.json === true) await writeJsonLine(io.stdout, shared)
  else await write(io.stdout, `${url}\n`)
  if (options.qr === true) {
    const { renderUnicodeCompact } = await import('uqr')
    io.stderr.write(`${renderUnicodeCompact(url, { border: 2 })}\n`)
  }
  const isAtTerminal = 'isTTY' in io.stdout && io.stdout.isTTY === true
  if (!options.copy || !isAtTerminal) return
  const copier = await copyText(io, url)
  io.stderr.write(
    copier === null ? 'not copied: there is no clipboard here\n' : `copied by ${copier}\n`,
  )
}
