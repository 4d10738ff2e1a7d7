/**
 * `hallpass login`: tries a key at its server, and keeps both.
 *
 * @module
 */
import { Command } from 'commander'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { printable, write, writeJsonLine } from '../output.ts'
import { parseProfileName } from '../option-values.ts'
import { readDocument } from '../read-input.ts'
import { askSecret, canAsk } from '../remote/ask.ts'
import { parseApiKey, parseOrigin } from '../remote/connection.ts'
import { fetchMe } from '../remote/me.ts'
import type { Me } from '../remote/me.ts'
import { DEFAULT_PROFILE, profilesPath, readProfiles, writeProfiles } from '../remote/profiles.ts'

interface Options {
  readonly keyFile?: string
  readonly profile: string
  readonly json?: boolean
}

const HELP = `
The key comes from --key-file, else from HALLPASS_API_KEY, else it is asked for and not shown. It is kept in
$XDG_CONFIG_HOME/hallpass/profiles.json (~/.config/hallpass/profiles.json), which nobody else can read.
'hallpass logout' forgets it again.

Examples:
  hallpass login https://files.example.com
  hallpass login https://files.example.com --key-file admin.key --profile admin
  pass show hallpass | hallpass login https://files.example.com --key-file -

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses the key · 3 the server cannot be reached, or the
file cannot be written.
`

export function createLoginCommand(io: CliIo): Command {
  return new Command('login')
    .description('Keeps the address of a server and a key for it, for all commands that call one.')
    .argument('<URL>', 'where the server is reached: https://files.example.com')
    .option('--key-file <FILE>', "a file with the API key, '-' for standard input")
    .option('--profile <NAME>', 'what to keep it as', parseProfileName, DEFAULT_PROFILE)
    .option('--json', 'print what is kept, without the key, as JSON')
    .addHelpText('after', HELP)
    .action(async (url: string, options: Options) => {
      const origin = parseOrigin(url, 'URL')
      const apiKey = await obtainKey(io, origin, options.keyFile)
      const me = await fetchMe({ origin, apiKey })
      const profiles = await readProfiles(io)
      await writeProfiles(io, new Map([...profiles, [options.profile, { url: origin, apiKey }]]))
      await report(io, options, { origin, me })
    })
}

async function obtainKey(io: CliIo, origin: string, path: string | undefined): Promise<string> {
  if (path !== undefined) return parseApiKey(await readDocument(io, path), path)
  const set = io.env['HALLPASS_API_KEY'] ?? ''
  if (set !== '') return parseApiKey(set, 'HALLPASS_API_KEY')
  if (canAsk(io)) return parseApiKey(await askSecret(io, `API key for ${origin}: `), 'the answer')
  throw new CliError('no API key. Name a file with --key-file, or set HALLPASS_API_KEY.')
}

async function report(
  io: CliIo,
  { profile, json }: Options,
  { origin, me }: { readonly origin: string; readonly me: Me },
): Promise<void> {
  if (sendsInClear(origin)) {
    io.stderr.write('warning: over http everybody on the way can read the key. Use https.\n')
  }
  if (json === true) {
    await writeJsonLine(io.stdout, { profile, url: origin, key: me.id, actions: me.actions })
    return
  }
  const below = me.pathPrefix === '' ? '' : ` below ${me.pathPrefix}`
  const who = printable(`${me.name} (${me.actions.join(', ')}${below})`)
  await write(io.stdout, `logged in at ${origin} as ${who}\n`)
  io.stderr.write(`kept as the profile ${profile} in ${profilesPath(io)}\n`)
}

/** Names of this machine reach nobody else. */
function sendsInClear(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'http:' && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
