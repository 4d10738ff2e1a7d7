/**
 * `hallpass sign cloudfront`.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignCloudFront } from '@hallpass/signing/cloudfront'
import { compact } from '../compact.ts'
import type { CliIo } from '../io.ts'
import { requireSecret } from '../keys/secret.ts'
import { parseMoment } from '../option-values.ts'
import type { TypedNames } from '../typed-names.ts'
import type { CommonOptions } from './common.ts'
import { lifeOf, printSigned, signerCommand } from './common.ts'

const NAMES: TypedNames = {
  keyPairId: '--key-pair-id',
  privateKey: 'the private key',
  ip: '--ip',
  resource: '--resource',
}

interface CloudFrontOptions extends CommonOptions {
  readonly keyPairId: string
  readonly keyFile?: string
  readonly starts?: Date
  readonly ip?: string
  readonly resource?: string
  readonly sha1?: boolean
}

export function createCloudFrontSigner(io: CliIo): Command {
  return signerCommand('cloudfront', 'a CloudFront signed URL, with a canned or a custom policy')
    .argument('<url>', 'the whole URL, percent-encoded')
    .requiredOption('--key-pair-id <id>', 'the id of the public key: K2JCJMDEHXQW5F')
    .option('--key-file <file>', 'the private key in PEM, RSA or P-256; HALLPASS_SECRET by default')
    .option('--starts <time>', 'the first moment at which it works (ISO 8601)', parseMoment)
    .option('--ip <network>', 'an IPv4 address or network: 203.0.113.0/24')
    .option(
      '--resource <pattern>',
      "what it opens, with wildcards: 'https://d1.cloudfront.net/videos/*'",
    )
    .option('--sha1', 'sign with SHA-1, for distributions that do not take SHA-256')
    .addHelpText(
      'after',
      `
Example:
  hallpass sign cloudfront https://d111111abcdef8.cloudfront.net/a.pdf --key-pair-id K2JCJMDEHXQW5F --key-file key.pem
`,
    )
    .action(async (url: string, options: CloudFrontOptions) => {
      const request = compact({
        url,
        keyPairId: options.keyPairId,
        privateKey: await requireSecret(io, options.keyFile),
        ...lifeOf(io, options),
        startsAt: options.starts,
        ip: options.ip,
        resource: options.resource,
        hashAlgorithm: options.sha1 === true ? ('SHA1' as const) : undefined,
      })
      await printSigned(io, () => presignCloudFront(request), options, NAMES)
    })
}
