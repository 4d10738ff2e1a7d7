/**
 * `hallpass sign s3`.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignS3 } from '@hallpass/signing/s3'
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
import type { CommonOptions } from './common.ts'
import { lifeOf, printSigned, signerCommand } from './common.ts'

interface S3Options extends CommonOptions {
  readonly region?: string
  readonly endpoint?: string
  readonly addressing?: 'path' | 'virtual'
  readonly profile?: string
  readonly header?: readonly NamedValue[]
  readonly query?: readonly NamedValue[]
  readonly contentType?: string
  readonly contentLength?: number
}

export function createS3Signer(io: CliIo): Command {
  return signerCommand(
    's3',
    'an S3 presigned URL (SigV4), for AWS, R2, MinIO, Hallpass and everything that speaks S3',
  )
    .argument('<method>', 'the one method the URL works with: get, put, head, delete', parseMethod)
    .argument('<target>', 'BUCKET/KEY; the key as it is, not percent-encoded')
    .option('-r, --region <region>', "the bucket's region; AWS_REGION or ~/.aws/config by default")
    .option('--endpoint <url>', 'another service: https://s3.example.com')
    .option(
      '--addressing <style>',
      'where the bucket stands: path, or virtual for the host name',
      parseAddressing,
    )
    .option('--profile <name>', 'a profile of ~/.aws/credentials')
    .option('--content-type <type>', 'bind an upload to this type')
    .option('--content-length <bytes>', 'bind an upload to this size', parseCount)
    .option('-H, --header <header>', 'sign this header too; it must then be sent', collectHeader)
    .option('-q, --query <parameter>', 'sign this parameter too: versionId=…', collectParameter)
    .addHelpText(
      'after',
      `
Keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from ~/.aws/credentials
(AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE).

Examples:
  hallpass sign s3 get reports/2026/annual.pdf --region eu-west-1
  hallpass sign s3 put uploads/photo.png --content-type image/png --content-length 48213 -e 10m
  hallpass sign s3 get reports/a.pdf -q 'response-content-disposition=attachment; filename="a.pdf"'
`,
    )
    .action(async (method: string, target: string, options: S3Options) => {
      const request = await toRequest(io, method, target, options)
      await printSigned(io, () => presignS3(request), options, NAMES)
    })
}

const NAMES: TypedNames = {
  bucket: 'the bucket',
  key: 'the key of the object',
  region: '--region',
  endpoint: '--endpoint',
  addressing: '--addressing',
  'credentials.accessKeyId': 'AWS_ACCESS_KEY_ID',
  'credentials.secretAccessKey': 'AWS_SECRET_ACCESS_KEY',
  'credentials.sessionToken': 'AWS_SESSION_TOKEN',
}

async function toRequest(io: CliIo, method: string, target: string, options: S3Options) {
  const slash = target.indexOf('/')
  const bucket = slash === -1 ? target : target.slice(0, slash)
  const key = slash === -1 ? undefined : target.slice(slash + 1)
  if (bucket === '') throw new CliError(`'${target}' names no bucket; expected BUCKET/KEY.`)
  const region = options.region ?? (await findAwsRegion(io, options))
  if (region === null) {
    throw new CliError('no region. Give --region, or set AWS_REGION.')
  }
  return compact({
    method,
    bucket,
    key,
    region,
    credentials: await requireAwsCredentials(io, options),
    ...lifeOf(io, options),
    endpoint: options.endpoint,
    addressing: options.addressing,
    headers: boundHeaders(options),
    query: options.query,
  })
}

/** The headers to sign, those of their own options among them. */
export function boundHeaders(options: {
  readonly header?: readonly NamedValue[]
  readonly contentType?: string
  readonly contentLength?: number
}): readonly NamedValue[] | undefined {
  const headers: NamedValue[] = [...(options.header ?? [])]
  if (options.contentType !== undefined) headers.push(['content-type', options.contentType])
  if (options.contentLength !== undefined)
    headers.push(['content-length', `${options.contentLength}`])
  return headers.length === 0 ? undefined : headers
}
