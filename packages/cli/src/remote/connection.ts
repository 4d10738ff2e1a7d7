/**
 * Which server a command speaks to, and with which key. The key never stands on the command line, where every user of
 * the machine could read it.
 *
 * @module
 */
import type { Command } from 'commander'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { readDocument } from '../read-input.ts'

export interface ConnectionOptions {
  readonly url?: string
  readonly keyFile?: string
}

export interface Connection {
  /** `https://files.example.com`, without a slash at its end. */
  readonly origin: string
  readonly apiKey: string
}

/** What the help of every command that speaks to a server says of it. */
export const CONNECTION_HELP = `The server is the one of --url or HALLPASS_URL. The key comes from --key-file or HALLPASS_API_KEY, never from the
command line.`

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <URL>', 'where the server is reached; else HALLPASS_URL')
    .option(
      '--key-file <FILE>',
      "a file with the API key, '-' for standard input; else HALLPASS_API_KEY",
    )
}

/** @throws {CliError} if no server or no key is named, or one that cannot be used */
export async function readConnection(io: CliIo, options: ConnectionOptions): Promise<Connection> {
  return { origin: readOrigin(io, options.url), apiKey: await readApiKey(io, options.keyFile) }
}

function readOrigin({ env }: CliIo, typed: string | undefined): string {
  const text = typed ?? env['HALLPASS_URL'] ?? ''
  if (text === '') throw new CliError('no server. Name one with --url, or set HALLPASS_URL.')
  const where = typed === undefined ? 'HALLPASS_URL' : '--url'
  const url = URL.parse(text)
  const isOrigin =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    `${url.origin}/` === url.href
  if (isOrigin) return url.origin
  throw new CliError(
    `${where} must be the address of a server without a path, such as https://files.example.com.`,
  )
}

async function readApiKey(io: CliIo, path: string | undefined): Promise<string> {
  const text =
    path === undefined ? (io.env['HALLPASS_API_KEY'] ?? '') : await readDocument(io, path)
  const apiKey = text.replace(/\r?\n$/, '')
  if (apiKey === '' && path === undefined) {
    throw new CliError('no API key. Name a file with --key-file, or set HALLPASS_API_KEY.')
  }
  // Else it could not be sent, and the error of the client would quote it.
  if (/^[\x21-\x7e]{1,1024}$/.test(apiKey)) return apiKey
  throw new CliError(`${path ?? 'HALLPASS_API_KEY'} must hold one API key and nothing else.`)
}
