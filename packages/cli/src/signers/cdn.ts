/**
 * `hallpass sign` for the CDNs that take one key and a URL, and for Swift.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignAkamai } from '@hallpass/signing/akamai'
import type { AkamaiAlgorithm } from '@hallpass/signing/akamai'
import { presignBunny } from '@hallpass/signing/bunny'
import type { BunnyFormat } from '@hallpass/signing/bunny'
import { presignCloudCdn } from '@hallpass/signing/cloud-cdn'
import { presignCloudflare } from '@hallpass/signing/cloudflare'
import { presignMediaCdn } from '@hallpass/signing/media-cdn'
import { presignNginx } from '@hallpass/signing/nginx'
import { presignSwift } from '@hallpass/signing/swift'
import type { SwiftDigest } from '@hallpass/signing/swift'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { requireSecret } from '../keys/secret.ts'
import { parseMethod, parseMoment, parseSeconds } from '../option-values.ts'
import type { TypedNames } from '../typed-names.ts'
import type { CommonOptions } from './common.ts'
import { lifeOf, printSigned, signerCommand } from './common.ts'

const NAMES: TypedNames = {
  keyName: '--key-name',
  algorithm: '--algorithm',
  format: '--algorithm',
  tokenName: '--token-name',
  escapeEarly: '--escape-early',
  ip: '--ip',
  clientIp: '--ip',
  ipRange: '--ip',
  separator: '--separator',
  expression: '--expression',
  secureLink: '--secure-link',
  digest: '--digest',
  filename: '--filename',
}

interface KeyOptions extends CommonOptions {
  readonly keyFile?: string
}

function urlSigner(name: string, summary: string, keyHelp: string): Command {
  return signerCommand(name, summary)
    .argument('<url>', 'the whole URL, percent-encoded')
    .option('--key-file <file>', `${keyHelp}; HALLPASS_SECRET by default`)
}

async function common(io: CliIo, options: KeyOptions) {
  return {
    key: await requireSecret(io, options.keyFile),
    ...lifeOf(io, options),
  }
}

interface NamedKeyOptions extends KeyOptions {
  readonly keyName: string
}

function createCloudCdnSigner(io: CliIo): Command {
  return urlSigner(
    'cloud-cdn',
    'a Google Cloud CDN signed URL',
    'the key in base64url, as given to gcloud',
  )
    .requiredOption('--key-name <name>', 'the name of the key at the backend')
    .action(async (url: string, options: NamedKeyOptions) => {
      const { keyName } = options
      const life = await common(io, options)
      await printSigned(io, () => presignCloudCdn({ ...life, url, keyName }), options, NAMES)
    })
}

function createMediaCdnSigner(io: CliIo): Command {
  return urlSigner(
    'media-cdn',
    'a Google Media CDN signed URL (Ed25519)',
    'the private key, PEM or base64url',
  )
    .requiredOption('--key-name <name>', 'the name of the keyset')
    .action(async (url: string, options: NamedKeyOptions) => {
      const { keyName } = options
      const life = await common(io, options)
      await printSigned(io, () => presignMediaCdn({ ...life, url, keyName }), options, NAMES)
    })
}

interface AkamaiOptions extends KeyOptions {
  readonly algorithm: AkamaiAlgorithm
  readonly tokenName?: string
  readonly escapeEarly?: boolean
  readonly coversQuery?: boolean
  readonly ip?: string
  readonly starts?: Date
}

function createAkamaiSigner(io: CliIo): Command {
  return urlSigner('akamai', 'an Akamai EdgeAuth 2.0 URL token', 'the key in hex')
    .option('--algorithm <name>', 'sha256, sha1 or md5', 'sha256')
    .option('--token-name <name>', 'the name of the parameter: __token__, hdnts')
    .option('--escape-early', 'the property has "escape token input" on')
    .option('--covers-query', 'sign the query too')
    .option('--ip <address>', 'the only address it works from')
    .option('--starts <time>', 'the first moment at which it works (ISO 8601)', parseMoment)
    .action(async (url: string, options: AkamaiOptions) => {
      const { algorithm, tokenName, escapeEarly, coversQuery, ip, starts: startsAt } = options
      const own = compact({ algorithm, tokenName, escapeEarly, coversQuery, ip, startsAt })
      const life = await common(io, options)
      await printSigned(io, () => presignAkamai({ ...life, url, ...own }), options, NAMES)
    })
}

interface BunnyOptions extends KeyOptions {
  readonly algorithm?: BunnyFormat
  readonly ip?: string
  readonly inPath?: boolean
}

function createBunnySigner(io: CliIo): Command {
  return urlSigner('bunny', 'a Bunny CDN signed URL', "the pull zone's token authentication key")
    .option('--algorithm <name>', 'hs256, or sha256 and md5 for old zones')
    .option('--ip <address>', 'the only client it works for')
    .option('--in-path', 'put the token into the path, so that relative URLs inherit it')
    .action(async (url: string, options: BunnyOptions) => {
      const own = compact({
        format: options.algorithm,
        clientIp: options.ip,
        isInPath: options.inPath,
      })
      const life = await common(io, options)
      await printSigned(io, () => presignBunny({ ...life, url, ...own }), options, NAMES)
    })
}

interface CloudflareOptions extends KeyOptions {
  readonly ttl?: number
  readonly separator?: string
  readonly urlSafe?: boolean
}

function createCloudflareSigner(io: CliIo): Command {
  return urlSigner('cloudflare', 'a URL for is_timed_hmac_valid_v0 of Cloudflare', "the rule's key")
    .option(
      '--ttl <time>',
      "the rule's ttl, the longest life; that of --expires by default",
      parseSeconds,
    )
    .option('--separator <text>', "what stands before the MAC: '?verify='")
    .option('--url-safe', "the rule has the flag 's'")
    .addHelpText(
      'after',
      "\nWithout --ttl, --expires must be the rule's ttl: the URL itself does not say when it ends.\n",
    )
    .action(async (url: string, options: CloudflareOptions) => {
      const { key, ...life } = await common(io, options)
      const { separator, urlSafe: isUrlSafe } = options
      const ttlSeconds = options.ttl ?? ('expiresInSeconds' in life ? life.expiresInSeconds : null)
      if (ttlSeconds === null) {
        throw new CliError('--expires is a moment: give the ttl of the rule with --ttl.')
      }
      const rule = compact({ separator, isUrlSafe, ttlSeconds })
      const sign = () => presignCloudflare({ key, ...life, url, ...rule })
      const names = options.ttl === undefined ? NAMES : { ...NAMES, ttlSeconds: '--ttl' }
      await printSigned(io, sign, options, names)
    })
}

interface NginxOptions extends KeyOptions {
  readonly expression: string
  readonly secureLink?: string
  readonly ip?: string
}

function createNginxSigner(io: CliIo): Command {
  return urlSigner(
    'nginx',
    'a URL for nginx secure_link_md5',
    'the value of $secret in the expression',
  )
    .requiredOption(
      '--expression <text>',
      "the secure_link_md5 directive, '$secret' where the secret stands",
    )
    .option('--secure-link <text>', "the secure_link directive: '$arg_md5,$arg_expires'")
    .option('--ip <address>', "the client's address, if $remote_addr is in the expression")
    .addHelpText(
      'after',
      `
Example:
  hallpass sign nginx https://files.example.com/a.pdf --expression '$secure_link_expires$uri $secret' --key-file secret.txt
`,
    )
    .action(async (url: string, options: NginxOptions) => {
      const { key, ...life } = await common(io, options)
      const { expression, secureLink, ip: clientIp } = options
      const rule = compact({ expression, secureLink, clientIp, variables: { secret: key } })
      await printSigned(io, () => presignNginx({ ...life, url, ...rule }), options, NAMES)
    })
}

interface SwiftOptions extends KeyOptions {
  readonly method: string
  readonly digest: SwiftDigest
  readonly ip?: string
  readonly filename?: string
}

function createSwiftSigner(io: CliIo): Command {
  return urlSigner(
    'swift',
    'an OpenStack Swift TempURL',
    'a temp-URL key of the account or container',
  )
    .option('--method <method>', 'the method it is for', parseMethod, 'GET')
    .option('--digest <name>', 'sha256, sha512 or sha1', 'sha256')
    .option('--ip <range>', 'the only address or network it works from')
    .option('--filename <name>', 'the name a download is saved under')
    .action(async (url: string, options: SwiftOptions) => {
      const { method, digest, ip: ipRange, filename } = options
      const own = compact({ method, digest, ipRange, filename })
      const life = await common(io, options)
      await printSigned(io, () => presignSwift({ ...life, url, ...own }), options, NAMES)
    })
}

/** One command a CDN. */
export function createCdnSigners(io: CliIo): Command[] {
  return [
    createCloudCdnSigner(io),
    createMediaCdnSigner(io),
    createAkamaiSigner(io),
    createBunnySigner(io),
    createCloudflareSigner(io),
    createNginxSigner(io),
    createSwiftSigner(io),
  ]
}
