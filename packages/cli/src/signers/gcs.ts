/**
 * `hallpass sign gcs`.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignGcs } from '@hallpass/signing/gcs'
import type { GcsKey } from '@hallpass/signing/gcs'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
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
import type { CommonOptions } from './common.ts'
import { lifeOf, printSigned, signerCommand } from './common.ts'
import { boundHeaders } from './s3.ts'

interface GcsOptions extends CommonOptions {
  readonly keyFile?: string
  readonly hmacId?: string
  readonly endpoint?: string
  readonly addressing?: 'path' | 'virtual'
  readonly boundOrigin?: string
  readonly location?: string
  readonly header?: readonly NamedValue[]
  readonly query?: readonly NamedValue[]
  readonly contentType?: string
  readonly maxBytes?: number
}

export function createGcsSigner(io: CliIo): Command {
  return signerCommand('gcs', 'a Google Cloud Storage signed URL (V4)')
    .argument(
      '<method>',
      'the one method the URL works with: get, head, put, delete, post',
      parseMethod,
    )
    .argument('<target>', 'BUCKET/OBJECT; the name as it is, not percent-encoded')
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
      const key: GcsKey =
        options.hmacId === undefined
          ? await requireGoogleServiceAccount(io, options.keyFile)
          : { accessId: options.hmacId, secret: await requireSecret(io, options.keyFile) }
      const request = toRequest(io, method, target, options)
      await printSigned(io, () => presignGcs({ ...request, key }), options, NAMES)
    })
}

const NAMES: TypedNames = {
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

function toRequest(io: CliIo, method: string, target: string, options: GcsOptions) {
  const slash = target.indexOf('/')
  const bucket = slash === -1 ? target : target.slice(0, slash)
  if (bucket === '') throw new CliError(`'${target}' names no bucket; expected BUCKET/OBJECT.`)
  const headers = [...(boundHeaders(options) ?? [])]
  if (options.maxBytes !== undefined) {
    headers.push(['x-goog-content-length-range', `0,${options.maxBytes}`])
  }
  return compact({
    method,
    bucket,
    object: slash === -1 ? undefined : target.slice(slash + 1),
    ...lifeOf(io, options),
    endpoint: options.endpoint,
    addressing: options.addressing,
    bucketBoundOrigin: options.boundOrigin,
    location: options.location,
    headers: headers.length === 0 ? undefined : headers,
    query: options.query,
  })
}
