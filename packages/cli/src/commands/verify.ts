/**
 * `hallpass verify`: checks the signature of a URL or request with the key.
 *
 * @module
 */
import { Command } from 'commander'
import { isSigningError } from '@hallpass/signing/errors'
import { detect } from '@hallpass/signing/detect'
import type { Detection } from '@hallpass/signing/detect'
import { canVerify, isVerifiable, verifyDetected } from '@hallpass/signing/explain'
import { toRawRequest } from '@hallpass/signing/request'
import type { ExplainKey } from '@hallpass/signing/explain'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { loadKeyRing } from '../keys/key-ring.ts'
import { collectHeader, parseMethod, parseMoment, parseSeconds } from '../option-values.ts'
import type { NamedValue } from '../option-values.ts'
import { write, writeJsonLine } from '../output.ts'
import { nameAsTyped } from '../typed-names.ts'
import type { TypedNames } from '../typed-names.ts'
import type { WrittenRequest } from '../requests.ts'
import { isUnusable, readRequests } from '../requests.ts'
import { typedUrl } from '../typed-url.ts'
import { describeDetection } from './detect.ts'

const HELP = `
The dialect is read from the URL. Keys: --keys FILE with [{ "dialect", "id", "secret" | "publicKey" }], or --key-file with one
secret or one public key in PEM, else HALLPASS_SECRET and the AWS, Google and Azure variables and credential files.

Examples:
  hallpass verify "$URL"
  hallpass verify "$URL" --method put -H 'content-type: image/png'
  hallpass verify "$URL" --key-file cloudfront-public.pem
  hallpass verify --request requests.jsonl --keys keys.json --json

Exit codes: 0 every signature is right and in time · 1 one is not · 2 the command line or an input line cannot be used.
`

interface VerifyOptions {
  readonly request?: string
  readonly method?: string
  readonly header?: readonly NamedValue[]
  readonly ip?: string
  readonly keys?: string
  readonly keyFile?: string
  readonly profile?: string
  readonly region?: string
  readonly tokenName?: string
  readonly algorithm?: 'sha256' | 'sha1' | 'md5'
  readonly legacy?: boolean
  readonly ttl?: number
  readonly separator?: string
  readonly urlSafe?: boolean
  readonly now?: Date
  readonly json?: boolean
}

export function createVerifyCommand(io: CliIo): Command {
  return new Command('verify')
    .description('Checks the signature of a URL or request, with the key.')
    .argument('[url]', "the URL; '-' and none at all read requests from standard input")
    .option(
      '--request <file>',
      "requests as JSON, one document or one a line; '-' is standard input",
    )
    .option('--method <method>', 'the method it is used with; GET by default', parseMethod)
    .option('-H, --header <header>', 'a header that is sent with it', collectHeader)
    .option('--ip <address>', "the client's address, for URLs bound to one")
    .option('--keys <file>', 'keys to try, as JSON')
    .option('--key-file <file>', 'one secret, or one public key in PEM')
    .option('--profile <name>', 'a profile of ~/.aws/credentials')
    .option('--region <region>', "S3: the region it must be for; the URL's own by default")
    .option('--token-name <name>', 'Akamai: the name of the token')
    .option('--algorithm <name>', 'Akamai: sha256, sha1 or md5')
    .option('--legacy', 'Bunny: take tokens of the older formats')
    .option(
      '--ttl <time>',
      "Cloudflare: the rule's ttl, which must be given: 300, 5m",
      parseSeconds,
    )
    .option('--separator <text>', "Cloudflare: what stands before the MAC: '?verify='")
    .option('--url-safe', "Cloudflare: the rule has the flag 's'")
    .option('--now <time>', 'the moment of use (ISO 8601)', parseMoment)
    .option('--json', 'one line of JSON for each request')
    .addHelpText('after', HELP)
    .action(async (typed: string | undefined, options: VerifyOptions) => {
      if (typed !== undefined && options.request !== undefined) {
        throw new CliError('give a URL or --request, not both.')
      }
      const url = typedUrl(io, typed, 'give it with --request.')
      const keys = await loadKeyRing(io, options)
      if (keys.length === 0) {
        throw new CliError(
          'no key to check with. Give --keys or --key-file, or set HALLPASS_SECRET or the AWS, Google or Azure variables.',
        )
      }
      if (url !== undefined) {
        const { method, header } = options
        await answer(
          io,
          { url, ...(method && { method }), ...(header && { headers: header }) },
          keys,
          options,
        )
      } else {
        await answerAll(io, keys, options)
      }
    })
}

async function answerAll(
  io: CliIo,
  keys: readonly ExplainKey[],
  options: VerifyOptions,
): Promise<void> {
  let count = 0
  for await (const request of readRequests(io, options.request ?? '-')) {
    count += 1
    if (isUnusable(request)) {
      io.exitCode = EXIT.usage
      io.stderr.write(
        `hallpass: line ${request.line} ${request.problem}; expected { "url": "…" }.\n`,
      )
      continue
    }
    await answer(io, request, keys, options)
  }
  if (count === 0)
    throw new CliError('nothing to verify: give a URL, or a request on standard input.')
}

interface Refusal {
  readonly code: string
  readonly message: string
}

async function answer(
  io: CliIo,
  written: WrittenRequest,
  keys: readonly ExplainKey[],
  options: VerifyOptions,
): Promise<void> {
  const detection = detect(written)
  const refusal = detection === null ? NOT_SIGNED : check(io, { written, detection, keys, options })
  if (refusal !== null && io.exitCode === EXIT.ok) io.exitCode = EXIT.negative
  if (options.json === true) {
    await writeJsonLine(io.stdout, { valid: refusal === null, ...refusal, ...detection })
    return
  }
  const verdict = refusal === null ? 'valid' : `refused: ${refusal.code}: ${refusal.message}`
  const facts = detection === null ? '' : describeDetection(detection, options.now ?? io.now())
  await write(io.stdout, `${verdict}\n${facts}`)
}

const NOT_SIGNED: Refusal = {
  code: 'signature-missing',
  message: 'the request carries no signature of a known dialect',
}

interface Task {
  readonly written: WrittenRequest
  readonly detection: Detection
  readonly keys: readonly ExplainKey[]
  readonly options: VerifyOptions
}

/** Up to the path. */
const ORIGIN = /^(https?):\/\/[^/?#\s]+(?=\/)/i

function readRequest({ headers = [], ...written }: WrittenRequest, options: VerifyOptions) {
  const { url, method = options.method ?? 'GET', clientIp = options.ip } = written
  // A Host that is given is the one that was sent, wherever the URL leads to.
  const isHostGiven = headers.some(([name]) => name.toLowerCase() === 'host')
  const [origin = '', scheme] = isHostGiven ? (ORIGIN.exec(url) ?? []) : []
  try {
    return toRawRequest(
      { url: url.slice(origin.length), method, headers },
      { clientIp, scheme: scheme?.toLowerCase() === 'http' ? 'http' : undefined },
    )
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CliError(`${nameAsTyped(error.message, NAMES)}.`, EXIT.usage, error)
  }
}

function check(io: CliIo, { written, detection, keys, options }: Task): Refusal | null {
  if (detection.form === 'form') {
    throw new CliError(
      'POST forms are not verified here; use verifyS3PostPolicy or verifyGcsPostPolicy of @hallpass/signing.',
    )
  }
  requireSettings(detection, keys, options)
  try {
    const request = readRequest(written, options)
    const { region, tokenName, algorithm, separator } = options
    verifyDetected({
      request,
      detection,
      keys,
      now: options.now ?? io.now(),
      region,
      tokenName,
      algorithm,
      isLegacyAllowed: options.legacy,
      ttlSeconds: options.ttl,
      separator,
      isUrlSafe: options.urlSafe,
    })
    return null
  } catch (error) {
    if (isSigningError(error)) return { code: error.code, message: error.message }
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    const reason = nameAsTyped(error.message, NAMES)
    throw new CliError(`cannot verify: ${reason}.`, EXIT.usage, error)
  }
}

const NAMES: TypedNames = {
  algorithm: '--algorithm',
  tokenName: '--token-name',
  separator: '--separator',
  ttlSeconds: '--ttl',
  region: '--region',
  clientIp: '--ip',
  expression: 'expression of the key file',
  secureLink: 'secure_link',
  lookup: 'the key',
  key: 'the key',
  url: 'the URL',
}

/** Two dialects cannot be checked without what the operator configured. */
function requireSettings(
  { dialect, scheme }: Detection,
  keys: readonly ExplainKey[],
  { ttl }: VerifyOptions,
): void {
  if (!isVerifiable(dialect)) {
    throw new CliError(
      `this is a ${scheme}: it is recognised, and its signature is not computed here. 'hallpass detect' and 'hallpass explain' say what can be seen.`,
    )
  }
  if (dialect === 'nginx' && !canVerify(dialect, keys)) {
    throw new CliError(
      'nginx signs what its configuration says: give the secure_link_md5 directive as expression in a --keys file, { "dialect": "nginx", "expression": "$secure_link_expires$uri $secret", "secret": "…" }.',
    )
  }
  if (dialect === 'cloudflare' && ttl === undefined) {
    throw new CliError(
      "a link for Cloudflare does not say when it ends: give the rule's ttl, as in --ttl 5m.",
    )
  }
}
