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
import { DEFAULT_PROFILE, readProfiles } from './profiles.ts'
import type { Profile } from './profiles.ts'

export interface ConnectionOptions {
  readonly url?: string
  readonly keyFile?: string
  readonly profile?: string
}

export interface Connection {
  /** `https://files.example.com`, without a slash at its end. */
  readonly origin: string
  readonly apiKey: string
}

/** What the help of every command that speaks to a server says of it. */
export const CONNECTION_HELP = `The server is the one of --url or HALLPASS_URL, else the one that 'hallpass login' keeps. The key comes from --key-file
or HALLPASS_API_KEY, else from there, never from the command line.`

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <URL>', 'where the server is reached; else HALLPASS_URL, else the profile')
    .option(
      '--key-file <FILE>',
      "a file with the API key, '-' for standard input; else HALLPASS_API_KEY, else the profile",
    )
    .option('--profile <NAME>', "server and key of 'hallpass login'; else HALLPASS_PROFILE")
}

/**
 * What is typed wins over what is set, and that over what is kept. A profile that is named stands above variables. A key that is kept
 * is for its own server alone.
 *
 * @throws {CliError} if no server or no key is named, or one that cannot be used
 */
export async function readConnection(io: CliIo, options: ConnectionOptions): Promise<Connection> {
  const env = options.profile === undefined ? io.env : {}
  const profile = await findProfile(io, options, env)
  const origin = readOrigin(options.url, env, profile)
  return { origin, apiKey: await readApiKey(io, options.keyFile, { env, origin, profile }) }
}

/** The same for a command that has something to do without a key, too: `null` where none is named or kept for the server. */
export async function findConnection(
  io: CliIo,
  options: ConnectionOptions,
): Promise<{ readonly origin: string; readonly apiKey: string | null }> {
  const env = options.profile === undefined ? io.env : {}
  const profile = await findProfile(io, options, env)
  const origin = readOrigin(options.url, env, profile)
  const isNamed = options.keyFile !== undefined || (env['HALLPASS_API_KEY'] ?? '') !== ''
  if (!isNamed && profile?.url !== origin) return { origin, apiKey: null }
  return { origin, apiKey: await readApiKey(io, options.keyFile, { env, origin, profile }) }
}

type Env = CliIo['env']

/** `null` where none is needed, or none is kept; throws for one that is named and not there. */
async function findProfile(
  io: CliIo,
  { url, keyFile, profile }: ConnectionOptions,
  env: Env,
): Promise<Profile | null> {
  const hasServer = (url ?? env['HALLPASS_URL'] ?? '') !== ''
  const hasKey = keyFile !== undefined || (env['HALLPASS_API_KEY'] ?? '') !== ''
  const named = profile ?? env['HALLPASS_PROFILE'] ?? ''
  if (hasServer && hasKey && named === '') return null
  const found = (await readProfiles(io)).get(named === '' ? DEFAULT_PROFILE : named)
  if (found !== undefined) return found
  if (named === '') return null
  throw new CliError(
    `there is no profile ${named}. 'hallpass login URL --profile ${named}' makes it.`,
  )
}

function readOrigin(typed: string | undefined, env: Env, profile: Profile | null): string {
  if (typed !== undefined) return parseOrigin(typed, '--url')
  const set = env['HALLPASS_URL'] ?? ''
  if (set !== '') return parseOrigin(set, 'HALLPASS_URL')
  if (profile !== null) return parseOrigin(profile.url, 'the address of the profile')
  throw new CliError(
    "no server. Name one with --url, or set HALLPASS_URL; 'hallpass login' keeps one.",
  )
}

/** `where` says where the address was read, for the error. */
export function parseOrigin(text: string, where: string): string {
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

interface KeySources {
  readonly env: Env
  readonly origin: string
  readonly profile: Profile | null
}

async function readApiKey(
  io: CliIo,
  path: string | undefined,
  { env, origin, profile }: KeySources,
): Promise<string> {
  if (path !== undefined) return parseApiKey(await readDocument(io, path), path)
  const set = env['HALLPASS_API_KEY'] ?? ''
  if (set !== '') return parseApiKey(set, 'HALLPASS_API_KEY')
  if (profile === null) {
    throw new CliError(
      "no API key. Name a file with --key-file, or set HALLPASS_API_KEY; 'hallpass login' keeps one.",
    )
  }
  if (profile.url === origin) return parseApiKey(profile.apiKey, 'the profile')
  throw new CliError(
    `the key of the profile is for ${profile.url}, and is not sent to ${origin}. Name a file with --key-file, or set HALLPASS_API_KEY.`,
  )
}

/** `where` says where the key was read, for the error. */
export function parseApiKey(text: string, where: string): string {
  const apiKey = text.replace(/\r?\n$/, '')
  // Else it could not be sent, and the error of the client would quote it.
  if (/^[\x21-\x7e]{1,1024}$/.test(apiKey)) return apiKey
  throw new CliError(`${where} must hold one API key and nothing else.`)
}
