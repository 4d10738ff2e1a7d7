/**
 * `hallpass sign azure`.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignAzureAccount, presignAzureBlob } from '@hallpass/signing/azure'
import type {
  AzurePermissionName,
  AzurePermissions,
  AzureTargetOptions,
  PresignAzureAccountOptions,
} from '@hallpass/signing/azure'
import type { PresignedRequest } from '@hallpass/signing'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { requireAzureCredentials } from '../keys/azure-credentials.ts'
import { parseMethod, parseMoment } from '../option-values.ts'
import type { TypedNames } from '../typed-names.ts'
import type { CommonOptions, DownloadFlags } from './common.ts'
import { downloadOptions, lifeOf, printSigned, signerCommand } from './common.ts'
import { cutTarget, readTarget, splitTarget } from './target.ts'

interface AzureOptions extends CommonOptions, DownloadFlags {
  readonly permissions: AzurePermissions
  readonly directory?: boolean
  readonly container?: boolean
  readonly accountSas?: boolean
  readonly services: string
  readonly resourceTypes: string
  readonly ip?: string
  readonly starts?: Date
  readonly allowHttp?: boolean
  readonly apiVersion?: string
  readonly method?: string
}

export function createAzureSigner(io: CliIo): Command {
  return downloadOptions(
    signerCommand(
      'azure',
      'an Azure Blob Storage SAS: of a blob, a container, a directory or an account',
    ),
  )
    .argument('[target]', 'CONTAINER/BLOB; the name as it is, not percent-encoded')
    .option(
      '-p, --permissions <permissions>',
      'what the token allows: names such as read,list, or letters in the order of the service',
      parsePermissions,
      'r',
    )
    .option('--directory', 'the target is a directory, and the token opens everything below it')
    .option('--container', 'the target is a container, and the token opens everything in it')
    .option('--account-sas', 'a token of the whole account')
    .option('--services <letters>', 'account SAS: b blobs, t tables, q queues, f files', 'b')
    .option(
      '--resource-types <letters>',
      'account SAS: s the service, c containers, o objects',
      'o',
    )
    .option('--ip <range>', 'one IPv4 address, or two with a dash between them')
    .option('--starts <time>', 'the first moment at which it works (ISO 8601)', parseMoment)
    .option('--allow-http', 'let the token be used on plain http too')
    .option('--api-version <day>', 'sv, which picks the layout of the signed text')
    .option(
      '--method <method>',
      'the method shown with the URL, which the permissions must open; a SAS binds none',
      parseMethod,
    )
    .addHelpText(
      'after',
      `
The account and its key come from AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY.

Examples:
  hallpass sign azure photos/cats/tom.jpg
  hallpass sign azure uploads/new.bin -p cw --method put --ip 203.0.113.7 -e 10m
  hallpass sign azure photos --container -p rl -e 1h
`,
    )
    .action(async (target: string | undefined, options: AzureOptions) => {
      await printSigned(io, () => sign(io, target, options), options, NAMES)
    })
}

const NAMES: TypedNames = {
  account: "the account's name",
  accountKey: "the account's key",
  endpoint: 'the endpoint of the connection string',
  container: "the container's name",
  blob: "the blob's name",
  directory: 'the directory',
  permissions: '--permissions',
  services: '--services',
  resourceTypes: '--resource-types',
  ip: '--ip',
  version: '--api-version',
}

function sign(io: CliIo, target: string | undefined, options: AzureOptions) {
  const common = compact({
    ...requireAzureCredentials(io),
    permissions: options.permissions,
    ...lifeOf(io, options),
    ip: options.ip,
    startsAt: options.starts,
    protocol: options.allowHttp === true ? ('https,http' as const) : undefined,
    version: options.apiVersion,
    method: options.method,
  })
  if (options.accountSas === true) return signAccount(common, target, options)
  if (target === undefined) {
    throw new CliError('no target; expected CONTAINER/BLOB, or --account-sas.')
  }
  const download = compact({ filename: options.filename, isInline: options.inline })
  return presignAzureBlob({ ...common, ...placeOf(target, options), ...download })
}

type Common = Omit<
  PresignAzureAccountOptions,
  'resourceTypes' | 'services' | 'container' | 'blob' | 'expiresInSeconds' | 'expiresAt'
> &
  ReturnType<typeof lifeOf>

const WORDS = { bucket: 'CONTAINER', name: 'BLOB', whole: '--container' }
const DIRECTORY_WORDS = { ...WORDS, name: 'DIRECTORY' }

function placeOf(target: string, options: AzureOptions): AzureTargetOptions {
  const isWhole = options.container === true
  if (options.directory !== true) {
    const { bucket: container, name: blob } = readTarget(target, isWhole, WORDS)
    return { container, blob }
  }
  if (isWhole) throw new CliError('--directory and --container exclude each other.')
  const { bucket: container, name: directory } = splitTarget(target, DIRECTORY_WORDS)
  return { container, directory }
}

function signAccount(
  common: Common,
  target: string | undefined,
  options: AzureOptions,
): PresignedRequest {
  if (options.filename !== undefined || options.inline === true) {
    throw new CliError('a token of the account cannot say what a download is called.')
  }
  for (const flag of ['container', 'directory'] as const) {
    if (options[flag] === true) throw new CliError(`--account-sas opens more than --${flag} says.`)
  }
  const { resourceTypes, services } = options
  const { bucket, name } = cutTarget(target ?? '')
  const place = compact({ container: bucket || undefined, blob: name || undefined })
  return presignAzureAccount({ ...common, services, resourceTypes, ...place })
}

const NAME =
  /^(?:read|add|create|write|delete|list|tag|move|execute|update|process|[a-z]+[A-Z]\w*)$/

/** `read,list`: names; anything else is letters. What is neither is refused by the signer. */
function parsePermissions(text: string): AzurePermissions {
  const pieces = text.split(',')
  return text.includes(',') || NAME.test(text) ? (pieces as AzurePermissionName[]) : text
}
