/**
 * `hallpass sign gcs`.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignGcs } from '@hallpass/signing/gcs'
import type { GcsAddress, GcsKey } from '@hallpass/signing/gcs'
import { compact } from '../compact.ts'
import type { CliIo } from '../io.ts'
import { requireGoogleServiceAccount } from '../keys/google-credentials.ts'
import { requireSecret } from '../keys/secret.ts'
import type { NamedValue } from '../option-values.ts'
import {
  collectHeader,
  collectParameter,
  parseAddressing,
  parseCount,
  parseMethod,
} from '../option-values.ts'
import type { TypedNames } from '../typed-names.ts'
import type { CommonOptions, DownloadFlags } from './common.ts'
import { downloadOptions, lifeOf, printSigned, signerCommand } from './common.ts'
import { readTarget } from './target.ts'

/** Whose key, and where the bucket answers. */
export interface GcsServiceOptions {
  readonly keyFile?: string
  readonly hmacId?: string
  readonly endpoint?: string
  readonly addressing?: 'path' | 'virtual'
  readonly boundOrigin?: string
  readonly location?: string
}

interface GcsOptions extends CommonOptions, GcsServiceOptions, DownloadFlags {
  readonly header?: readonly NamedValue[]
  readonly query?: readonly NamedValue[]
  readonly contentType?: string
  readonly maxBytes?: number
  readonly bucket?: boolean
}

const WORDS = { bucket: 'BUCKET', name: 'OBJECT', whole: '--bucket' }

/** Adds the options that say whose key it is, and where the bucket answers. */
export function gcsServiceOptions(command: Command): Command {
  return command
    .option(
      '--key-file <file>',
      'the key file of a service account; GOOGLE_APPLICATION_CREDENTIALS by default',
    )
    .option(
      '--hmac-id <id>',
      'sign with an HMAC key of this access id; its secret is in HALLPASS_SECRET or --key-file',
    )
    .option('--endpoint <url>', 'another universe, an emulator or a proxy')
    .option(
      '--addressing <style>',
      'where the bucket stands: path, or virtual for the host name',
      parseAddressing,
    )
    .option(
      '--bound-origin <origin>',
      'a host name bound to the bucket: https://assets.example.com',
    )
    .option('--location <location>', 'the location of the credential scope', 'auto')
}

export function createGcsSigner(io: CliIo): Command {
  const command = signerCommand('gcs', 'a Google Cloud Storage signed URL (V4)')
    .argument(
      '<method>',
      'the one method the URL works with: get, head, put, delete, post',
      parseMethod,
    )
    .argument('<target>', 'BUCKET/OBJECT; the name as it is, not percent-encoded')
  return gcsServiceOptions(downloadOptions(command))
    .option('--bucket', 'the target is a bucket: its listing, with get')
    .option('--content-type <type>', 'bind an upload to this type')
    .option('--max-bytes <bytes>', 'let an upload have at most this size', parseCount)
    .option('-H, --header <header>', 'sign this header too; it must then be sent', collectHeader)
    .option('-q, --query <parameter>', 'sign this parameter too: generation=…', collectParameter)
    .addHelpText(
      'after',
      `
Examples:
  hallpass sign gcs get my-bucket/reports/2026.pdf --key-file service-account.json
  hallpass sign gcs put my-bucket/photo.png --content-type image/png --max-bytes 5000000 -e 10m
`,
    )
    .action(async (method: string, target: string, options: GcsOptions) => {
      const key = await requireGcsKey(io, options)
      const request = toRequest(io, method, target, options)
      await printSigned(io, () => presignGcs({ ...request, key }), options, NAMES)
    })
}

/** The key of a service account, or an HMAC key. */
export async function requireGcsKey(
  io: CliIo,
  { hmacId, keyFile }: GcsServiceOptions,
): Promise<GcsKey> {
  return hmacId === undefined
    ? requireGoogleServiceAccount(io, keyFile)
    : { accessId: hmacId, secret: await requireSecret(io, keyFile) }
}

/** Where a bucket answers, as the library calls it. */
export interface GcsService extends Omit<GcsAddress, 'bucket'> {
  readonly location?: string
}

/** The same of the options. */
export function gcsServiceOf(options: GcsServiceOptions): GcsService {
  return compact({
    endpoint: options.endpoint,
    addressing: options.addressing,
    bucketBoundOrigin: options.boundOrigin,
    location: options.location,
  })
}

/** How the options of the service are called here. */
export const GCS_NAMES: TypedNames = {
  bucket: 'the bucket',
  object: "the object's name",
  endpoint: '--endpoint',
  addressing: '--addressing',
  bucketBoundOrigin: '--bound-origin',
  location: '--location',
  'key.accessId': '--hmac-id',
  'key.secret': 'the secret of the HMAC key',
  'key.client_email': 'client_email of the key file',
  'key.private_key': 'private_key of the key file',
}

const NAMES: TypedNames = {
  ...GCS_NAMES,
  contentType: '--content-type',
  contentLengthRange: '--max-bytes',
}

function toRequest(io: CliIo, method: string, target: string, options: GcsOptions) {
  const { bucket, name: object } = readTarget(target, options.bucket === true, WORDS)
  const { maxBytes } = options
  return compact({
    method,
    bucket,
    object,
    ...lifeOf(io, options),
    ...gcsServiceOf(options),
    filename: options.filename,
    isInline: options.inline,
    contentType: options.contentType,
    contentLengthRange: maxBytes === undefined ? undefined : ([0, maxBytes] as const),
    headers: options.header,
    query: options.query,
  })
}
