/**
 * What every dialect's `sign` has in common: its options, and how the answer is printed.
 *
 * @module
 */
import { Command } from 'commander'
import { isSigningError } from '@hallpass/signing/errors'
import type { PresignedRequest } from '@hallpass/signing'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { parseEnd, parseMoment } from '../option-values.ts'
import { write, writeJsonLine } from '../output.ts'
import { nameAsTyped } from '../typed-names.ts'
import type { TypedNames } from '../typed-names.ts'

export interface CommonOptions {
  /** Seconds from now, or the moment itself. */
  readonly expires: number | Date
  readonly now?: Date
  readonly json?: boolean
}

/** A sub-command of `hallpass sign`, with the options every dialect takes. */
export function signerCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(summary)
    .option(
      '-e, --expires <time>',
      'how long the URL works: 300, 5m, 1h, 7d; or its last moment (ISO 8601)',
      parseEnd,
      300,
    )
    .option('--now <time>', 'sign as if it were this moment (ISO 8601)', parseMoment)
    .option('--json', 'print url, method, headers and expiresAt as JSON')
}

/** When the URL is to end, and the clock that says what now is. */
export function lifeOf(
  io: CliIo,
  { expires, now = io.now() }: CommonOptions,
): ({ readonly expiresAt: Date } | { readonly expiresInSeconds: number }) & { readonly now: Date } {
  return typeof expires === 'number'
    ? { expiresInSeconds: expires, now }
    : { expiresAt: expires, now }
}

/**
 * Signs, and puts the URL on standard output. What else must be sent goes to standard error, so that the URL can be
 * piped. What the library refuses is the command line's fault; `names` says how its options are called here.
 */
export async function printSigned(
  io: CliIo,
  sign: () => PresignedRequest,
  options: CommonOptions,
  names: TypedNames = {},
): Promise<void> {
  const signed = attempt(sign, { ...COMMON_NAMES, ...names })
  if (options.json === true) {
    await writeJsonLine(io.stdout, { ...signed, expiresAt: signed.expiresAt.toISOString() })
    return
  }
  await write(io.stdout, `${signed.url}\n`)
  const headers = Object.entries(signed.headers).map(
    ([name, value]) => ` -H ${quote(`${name}: ${value}`)}`,
  )
  if (signed.method !== 'GET' || headers.length > 0) {
    io.stderr.write(`send with: curl -X ${signed.method}${headers.join('')} …\n`)
  }
}

/** Signs a form and puts it on standard output, as JSON; how to send it goes to standard error. */
export async function printForm(
  io: CliIo,
  sign: () => SignedForm,
  names: TypedNames = {},
): Promise<void> {
  const { expiresAt, fields, url } = attempt(sign, { ...COMMON_NAMES, ...FORM_NAMES, ...names })
  await writeJsonLine(io.stdout, { url, fields, expiresAt: expiresAt.toISOString() })
  io.stderr.write('send with: POST as multipart/form-data, these fields first and file last\n')
}

interface SignedForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  readonly expiresAt: Date
}

const FORM_NAMES: TypedNames = {
  conditions: '--starts-with, --min-bytes and --max-bytes',
  fields: '--field',
}

/** Adds what a download is called to the options of a signer. */
export function downloadOptions(command: Command): Command {
  return command
    .option('--filename <name>', 'the name a download is saved under')
    .option('--inline', 'show the file in the browser in place of saving it')
}

/** What was given of them. */
export interface DownloadFlags {
  readonly filename?: string
  readonly inline?: boolean
}

/** For a shell, which takes everything between apostrophes as it is. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

const COMMON_NAMES: TypedNames = {
  expiresInSeconds: '--expires',
  expiresAt: '--expires',
  ttlSeconds: '--expires',
  now: '--now',
  startsAt: '--starts',
  method: 'the method',
  url: 'the URL',
  key: 'the key',
  filename: '--filename',
  headers: '--header',
  query: '--query',
}

function attempt<Signed>(sign: () => Signed, names: TypedNames): Signed {
  try {
    return sign()
  } catch (error) {
    const isRefusal =
      isSigningError(error) || error instanceof TypeError || error instanceof RangeError
    if (!isRefusal) throw error
    const reason = nameAsTyped(error.message, names)
    throw new CliError(`cannot sign: ${reason}.`, EXIT.usage, error)
  }
}
