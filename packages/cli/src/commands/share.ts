/**
 * `hallpass share`: uploads a file, and makes a link to it. The link alone goes to standard output.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { collectText, parseCount, parseSeconds } from '../option-values.ts'
import { printable } from '../output.ts'
import { readDocument } from '../read-input.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { Connection, ConnectionOptions } from '../remote/connection.ts'
import {
  asFolder,
  findRemotePath,
  readRemotePath,
  showRemote,
} from '../remote/files/remote-path.ts'
import { NOTHING_KEPT, fingerprint, lookAtFile } from '../remote/files/local-file.ts'
import { uploadFile } from '../remote/files/upload-file.ts'
import { fetchMe } from '../remote/me.ts'
import { createProgress } from '../remote/progress.ts'
import { askForLink, askForPage } from '../remote/share/ask-for-link.ts'
import type { LinkTerms, Shared } from '../remote/share/ask-for-link.ts'
import { showShared } from '../remote/share/show-shared.ts'
import type { ShowOptions } from '../remote/share/show-shared.ts'

interface Options extends ConnectionOptions, LinkTerms, ShowOptions {
  readonly page?: boolean
  readonly passwordFile?: string
  readonly greeting?: string
  readonly owner?: string
  readonly to?: string
  readonly overwrite?: boolean
}

const HELP = `
A file of this machine is uploaded first: to --to, or to a folder of its own in the bucket 'shares' (below the prefix of the key, if it has
one). A file that is on the server already is named hp:acme/report.pdf. A link that lives longer than a day needs a reason, and gets one that
says where it came from unless --reason is there. At a terminal the link is also put on the clipboard.

${CONNECTION_HELP} It needs the actions write and share, and read.

Examples:
  hallpass share report.pdf
  hallpass share report.pdf --for 2d --uses 1 --qr
  hallpass share hp:acme/photos/ --page --password-file word.txt
  hallpass share hp:acme/reports/annual.pdf --for 1h --ip 203.0.113.0/24

Exit codes: 0 done · 1 the file waits in quarantine, and is not shared · 2 the command line cannot be used, or the server refuses · 3 a file or the server failed.
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
    .option('--page', 'a page for people, with a button, in place of a link that fetches the file')
    .option(
      '--password-file <FILE>',
      "with --page: the password it asks for, '-' for standard input",
    )
    .option('--greeting <TEXT>', 'with --page: what it says to people')
    .option('--owner <NAME>', 'with --page: who shares')
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
    requireOneKind(options)
    const path = findRemotePath(file) ?? (await upload(io, connection, { ...options, file }))
    await showShared(io, await makeLink(io, connection, path, options), options)
  })
}

/** What is meant for the other kind is refused, and not left out: it would be a limit that nobody keeps. */
function requireOneKind(options: Options): void {
  const { page, passwordFile, greeting, owner, filename, inline } = options
  const forPages = [passwordFile, greeting, owner].some((value) => value !== undefined)
  if (page !== true && forPages) {
    throw new CliError('--password-file, --greeting and --owner are for pages: add --page.')
  }
  if (page === true && (filename !== undefined || inline === true)) {
    throw new CliError('--filename and --inline are for links, and not for --page.')
  }
}

// oxlint-disable-next-line max-params -- where the password comes from, and what is asked for, of whom
async function makeLink(
  io: CliIo,
  connection: Connection,
  path: string,
  options: Options,
): Promise<Shared> {
  if (options.page !== true) return askForLink(connection, path, options)
  const { passwordFile, ...terms } = options
  if (passwordFile === undefined) return askForPage(connection, path, terms)
  const password = (await readDocument(io, passwordFile)).replace(/\r?\n$/, '')
  if (password === '') throw new CliError(`${passwordFile} holds no password.`)
  return askForPage(connection, path, { ...terms, password })
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
    keeps: NOTHING_KEPT,
    onBytes: progress.add,
  }).finally(progress.end)
  if (stored.heldId !== null) {
    throw new CliError(
      `${printable(stored.path)} waits in quarantine (${printable(stored.heldId)}). Once it is admitted, share it where it lies: hallpass share ${printable(showRemote(stored.path))}`,
      EXIT.negative,
    )
  }
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
