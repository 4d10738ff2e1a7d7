/**
 * `hallpass keys create`: the secret goes to standard output, this once, and nothing else does.
 *
 * @module
 */
import { Command } from 'commander'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { collectText, parseCount, parseEnd, parseSeconds, parseWords } from '../option-values.ts'
import { write, writeJsonLine } from '../output.ts'
import type { TypedNames } from '../typed-names.ts'
import { callServer } from './call-server.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { KEY_KINDS } from './key-records.ts'
import { textOf } from './read-shape.ts'

interface Options extends ConnectionOptions {
  readonly actions: string[]
  readonly prefix?: string
  readonly cidr?: string[]
  readonly expires?: number | Date
  readonly maxBytes?: number
  readonly maxFiles?: number
  readonly s3?: boolean
  readonly maxExpires?: number
  readonly presignDelete?: boolean
  readonly json?: boolean
}

const NAMES: TypedNames = {
  name: 'NAME',
  actions: '--actions',
  pathPrefix: '--prefix',
  cidrs: '--cidr',
  expiresAt: '--expires',
  maxTotalBytes: '--max-bytes',
  maxFiles: '--max-files',
  maxExpiresIn: '--max-expires',
  mayPresignDelete: '--presign-delete',
}

export function createCreateKeyCommand(io: CliIo): Command {
  const command = new Command('create')
    .description('Makes an API key, or an S3 key pair. Its secret is printed this once.')
    .argument('<NAME>', 'what people call it')
    .requiredOption(
      '--actions <LIST>',
      'what it may do: read, write, delete, list, share, admin, metrics, with commas between',
      parseWords,
    )
    .option('--prefix <PATH>', 'only below this folder: my-bucket/reports')
    .option('--cidr <RANGE>', 'only from this address or range; as often as there are', collectText)
    .option('--expires <TIME>', 'when it ends: 90d from now, or 2026-12-31T00:00:00Z', parseEnd)
    .option('--max-bytes <N>', 'how much of what it stores may lie there in all', parseCount)
    .option('--max-files <N>', 'how many files of those it stores may lie there', parseCount)
    .option('--s3', 'a key pair for S3 clients in place of an API key')
    .option('--max-expires <TIME>', 'with --s3: how long URLs it presigns may live', parseSeconds)
    .option('--presign-delete', 'with --s3: it may presign deletions')
    .option('--json', 'print the key as JSON')
  return addConnectionOptions(command).action(async (name: string, options: Options) => {
    const isPair = options.s3 === true
    if (!isPair && (options.maxExpires !== undefined || options.presignDelete === true)) {
      throw new CliError('--max-expires and --presign-delete are for key pairs: add --s3.')
    }
    const kind = isPair ? 'access-key' : 'api-key'
    const { path, called } = KEY_KINDS[kind]
    const made = await callServer(
      await readConnection(io, options),
      { method: 'POST', path, json: toBody(io, name, options), names: NAMES },
      (answer) => ({
        answer,
        id: textOf(answer, 'id'),
        secret: textOf(answer, isPair ? 'secretAccessKey' : 'key'),
      }),
    )
    // First, so that a key whose secret could not be written down can be revoked.
    await write(io.stderr, `made the ${called} ${made.id}; its secret is shown this once.\n`)
    if (options.json === true) await writeJsonLine(io.stdout, made.answer)
    else await write(io.stdout, isPair ? formatPair(made) : `${made.secret}\n`)
  })
}

function toBody(io: CliIo, name: string, options: Options): object {
  const { actions, prefix, cidr, expires, maxBytes, maxFiles, maxExpires, presignDelete } = options
  const quota = compact({ maxTotalBytes: maxBytes, maxFiles })
  const expiresAt =
    typeof expires === 'number' ? new Date(io.now().getTime() + expires * 1000) : expires
  return compact({
    name,
    actions,
    pathPrefix: prefix,
    cidrs: cidr,
    expiresAt: expiresAt?.toISOString(),
    quota: Object.keys(quota).length > 0 ? quota : undefined,
    maxExpiresIn: maxExpires,
    mayPresignDelete: presignDelete,
  })
}

/** As S3 clients read them from a file of variables. */
function formatPair({ id, secret }: { readonly id: string; readonly secret: string }): string {
  return `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\n`
}
