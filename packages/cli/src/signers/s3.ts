/**
 * `hallpass sign s3`.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignS3 } from '@hallpass/signing/s3'
import type { S3SignerOptions } from '@hallpass/signing/s3'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { findAwsRegion, requireAwsCredentials } from '../keys/aws-credentials.ts'
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

/** Which service, and whose key. */
export interface S3ServiceOptions {
  readonly region?: string
  readonly endpoint?: string
  readonly addressing?: 'path' | 'virtual'
  readonly profile?: string
}

interface S3Options extends CommonOptions, S3ServiceOptions, DownloadFlags {
  readonly header?: readonly NamedValue[]
  readonly query?: readonly NamedValue[]
  readonly contentType?: string
  readonly contentLength?: number
  readonly checksumSha256?: string
  readonly bucket?: boolean
}

const WORDS = { bucket: 'BUCKET', name: 'KEY', whole: '--bucket' }

/** Adds the options that say which service, and whose key. */
export function s3ServiceOptions(command: Command): Command {
  return command
    .option('-r, --region <region>', "the bucket's region; AWS_REGION or ~/.aws/config by default")
    .option('--endpoint <url>', 'another service: https://s3.example.com')
    .option(
      '--addressing <style>',
      'where the bucket stands: path, or virtual for the host name',
      parseAddressing,
    )
    .option('--profile <name>', 'a profile of ~/.aws/credentials')
    .addHelpText(
      'after',
      `
Keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from ~/.aws/credentials
(AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE).
`,
    )
}

export function createS3Signer(io: CliIo): Command {
  const command = signerCommand(
    's3',
    'an S3 presigned URL (SigV4), for AWS, R2, MinIO, Hallpass and everything that speaks S3',
  )
    .argument('<method>', 'the one method the URL works with: get, put, head, delete', parseMethod)
    .argument('<target>', 'BUCKET/KEY; the key as it is, not percent-encoded')
  return s3ServiceOptions(downloadOptions(command))
    .option('--bucket', 'the target is a bucket: its listing, with get')
    .option('--content-type <type>', 'bind an upload to this type')
    .option('--content-length <bytes>', 'bind an upload to this size', parseCount)
    .option('--checksum-sha256 <base64>', 'bind an upload to the content of this SHA-256')
    .option('-H, --header <header>', 'sign this header too; it must then be sent', collectHeader)
    .option('-q, --query <parameter>', 'sign this parameter too: versionId=…', collectParameter)
    .addHelpText(
      'after',
      `
Examples:
  hallpass sign s3 get reports/2026/annual.pdf --region eu-west-1
  hallpass sign s3 put uploads/photo.png --content-type image/png --content-length 48213 -e 10m
  hallpass sign s3 get reports/2026/annual.pdf --filename 'Jahresbericht 2026.pdf'
`,
    )
    .action(async (method: string, target: string, options: S3Options) => {
      const request = await toRequest(io, method, target, options)
      await printSigned(io, () => presignS3(request), options, NAMES)
    })
}

/** How the options of the service are called here. */
export const S3_NAMES: TypedNames = {
  bucket: 'the bucket',
  key: 'the key of the object',
  region: '--region',
  endpoint: '--endpoint',
  addressing: '--addressing',
  'credentials.accessKeyId': 'AWS_ACCESS_KEY_ID',
  'credentials.secretAccessKey': 'AWS_SECRET_ACCESS_KEY',
  'credentials.sessionToken': 'AWS_SESSION_TOKEN',
}

const NAMES: TypedNames = {
  ...S3_NAMES,
  contentType: '--content-type',
  contentLength: '--content-length',
  checksumSha256: '--checksum-sha256',
}

/** The service and the key pair. */
export async function requireS3Service(
  io: CliIo,
  options: S3ServiceOptions,
): Promise<S3SignerOptions> {
  const region = options.region ?? (await findAwsRegion(io, options))
  if (region === null) {
    throw new CliError('no region. Give --region, or set AWS_REGION.')
  }
  return compact({
    region,
    credentials: await requireAwsCredentials(io, options),
    endpoint: options.endpoint,
    addressing: options.addressing,
  })
}

async function toRequest(io: CliIo, method: string, target: string, options: S3Options) {
  const { bucket, name: key } = readTarget(target, options.bucket === true, WORDS)
  return compact({
    ...(await requireS3Service(io, options)),
    method,
    bucket,
    key,
    ...lifeOf(io, options),
    filename: options.filename,
    isInline: options.inline,
    contentType: options.contentType,
    contentLength: options.contentLength,
    checksumSha256: options.checksumSha256,
    headers: options.header,
    query: options.query,
  })
}
