/**
 * `hallpass sign s3-form` and `hallpass sign gcs-form`: forms by which a browser uploads.
 *
 * @module
 */
import type { Command } from 'commander'
import { createGcsPostPolicy } from '@hallpass/signing/gcs'
import { createS3PostPolicy } from '@hallpass/signing/s3'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { collectParameter, parseCount } from '../option-values.ts'
import type { NamedValue } from '../option-values.ts'
import type { CommonOptions } from './common.ts'
import { lifeOf, printForm, signerCommand } from './common.ts'
import type { GcsServiceOptions } from './gcs.ts'
import { GCS_NAMES, gcsServiceOptions, gcsServiceOf, requireGcsKey } from './gcs.ts'
import type { S3ServiceOptions } from './s3.ts'
import { splitTarget } from './target.ts'
import type { TargetWords } from './target.ts'
import { S3_NAMES, s3ServiceOptions, requireS3Service } from './s3.ts'

interface FormOptions extends CommonOptions {
  readonly contentType?: string
  readonly minBytes: number
  readonly maxBytes?: number
  readonly field?: readonly NamedValue[]
  readonly startsWith?: readonly NamedValue[]
}

/** The commands of the forms that are known. */
export function createFormSigners(io: CliIo): Command[] {
  return [createS3FormSigner(io), createGcsFormSigner(io)]
}

function createS3FormSigner(io: CliIo): Command {
  return s3ServiceOptions(formCommand('s3-form', 'a form that uploads to S3 from a browser'))
    .addHelpText(
      'after',
      `
A target that ends in \${filename} takes the name that the browser gives.

Examples:
  hallpass sign s3-form uploads/photos/7.png --content-type image/png --max-bytes 5000000
  hallpass sign s3-form 'uploads/inbox/\${filename}' --max-bytes 5000000 --starts-with Content-Type=image/
`,
    )
    .action(async (target: string, options: FormOptions & S3ServiceOptions) => {
      const { bucket, name: key } = splitTarget(target, WORDS)
      const service = await requireS3Service(io, options)
      const request = { ...service, ...lifeOf(io, options), bucket, key, ...limitsOf(options) }
      await printForm(io, () => createS3PostPolicy(request), S3_NAMES)
    })
}

function createGcsFormSigner(io: CliIo): Command {
  return gcsServiceOptions(
    formCommand('gcs-form', 'a form that uploads to Google Cloud Storage from a browser'),
  )
    .addHelpText(
      'after',
      `
A target that ends in a slash is a folder, in which files have the names that the browser gives.

Example:
  hallpass sign gcs-form my-bucket/photos/7.png --key-file service-account.json --max-bytes 5000000
`,
    )
    .action(async (target: string, options: FormOptions & GcsServiceOptions) => {
      const key = await requireGcsKey(io, options)
      const { bucket, name } = splitTarget(target, WORDS)
      const place = name.endsWith('/') ? { keyPrefix: name } : { object: name }
      const request = compact({ ...gcsServiceOf(options), bucket, ...place, ...limitsOf(options) })
      const life = lifeOf(io, options)
      await printForm(io, () => createGcsPostPolicy({ ...request, ...life, key }), {
        ...GCS_NAMES,
        keyPrefix: 'the folder',
      })
    })
}

function formCommand(name: string, summary: string): Command {
  return signerCommand(name, summary)
    .argument('<target>', 'BUCKET/NAME; the name as it is, not percent-encoded')
    .option('--content-type <type>', 'the type the file must be sent with')
    .option('--min-bytes <bytes>', 'the least size of the file', parseCount, 0)
    .option('--max-bytes <bytes>', 'the greatest size of the file; any if left out', parseCount)
    .option(
      '-f, --field <field>',
      'a further field, with exactly this value: acl=private',
      collectParameter,
    )
    .option(
      '--starts-with <field>',
      'a field that the page fills in, and its prefix: Content-Type=image/',
      collectParameter,
    )
}

const WORDS: TargetWords = { bucket: 'BUCKET', name: 'NAME' }

type Condition =
  | readonly ['content-length-range', number, number]
  | readonly ['starts-with', `$${string}`, string]

function limitsOf({ contentType, field = [], maxBytes, minBytes, startsWith = [] }: FormOptions): {
  readonly fields: Readonly<Record<string, string>>
  readonly conditions: readonly Condition[]
} {
  if (maxBytes === undefined && minBytes > 0) {
    throw new CliError('--min-bytes needs --max-bytes: a form has both sizes or none.')
  }
  const size: Condition[] =
    maxBytes === undefined ? [] : [['content-length-range', minBytes, maxBytes]]
  return {
    fields: {
      ...Object.fromEntries(field),
      ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
    },
    conditions: [
      ...size,
      ...startsWith.map(([name, prefix]) => ['starts-with', `$${name}`, prefix] as const),
    ],
  }
}
