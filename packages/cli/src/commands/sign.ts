/**
 * `hallpass sign DIALECT …`: makes a signed URL and prints it.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { createAzureSigner } from '../signers/azure.ts'
import { createCdnSigners } from '../signers/cdn.ts'
import { createCloudFrontSigner } from '../signers/cloudfront.ts'
import { createFormSigners } from '../signers/forms.ts'
import { createGcsSigner } from '../signers/gcs.ts'
import { createS3Signer } from '../signers/s3.ts'
import { createStoreSigners } from '../signers/stores.ts'

const HELP = `
The URL is printed alone on standard output, a form as JSON; what else has to be sent is said on standard error.
Keys never stand on the command line: they come from a file, the environment, or the usual credential files.

Examples:
  hallpass sign s3 get reports/2026/annual.pdf --region eu-west-1 --expires 5m
  hallpass sign gcs get my-bucket/report.pdf --key-file service-account.json
  hallpass sign azure photos/cats/tom.jpg
  hallpass sign cloudfront https://d1.cloudfront.net/a.pdf --key-pair-id K2JCJMDEHXQW5F --key-file key.pem

'hallpass sign DIALECT --help' shows the options of each.
`

export function createSignCommand(io: CliIo): Command {
  const command = new Command('sign')
    .description('Makes a signed URL, in any dialect.')
    .usage('DIALECT …')
    .helpCommand(false)
    .addHelpText('after', HELP)
  const signers = [
    createS3Signer(io),
    createGcsSigner(io),
    createAzureSigner(io),
    createCloudFrontSigner(io),
    ...createFormSigners(io),
    ...createStoreSigners(io),
    ...createCdnSigners(io),
  ]
  for (const signer of signers) command.addCommand(signer)
  return command
}
