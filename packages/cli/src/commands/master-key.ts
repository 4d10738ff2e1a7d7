/**
 * `hallpass master-key …`: the key under which a running server seals its secrets.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { write } from '../output.ts'
import { callServer } from '../remote/call-server.ts'
import type { Call } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { ConnectionOptions } from '../remote/connection.ts'
import { numberOf, textOrNullOf } from '../remote/read-shape.ts'

const HELP = `
${CONNECTION_HELP} It needs the action admin and no prefix.

Examples:
  hallpass master-key show
  hallpass master-key rotate

A server whose master key comes from HALLPASS_MASTER_KEY or HALLPASS_MASTER_KEY_COMMAND refuses to rotate it: put the new key
before the old one there, with a blank between, and start it again.

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 the server cannot be reached.
`

export function createMasterKeyCommand(io: CliIo): Command {
  return new Command('master-key')
    .description('Shows and rotates the master key of a running server.')
    .usage('show|rotate …')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .addCommand(createShowCommand(io))
    .addCommand(createRotateCommand(io))
}

function createShowCommand(io: CliIo): Command {
  const command = new Command('show').description('Says since when it seals; never the key.')
  return addConnectionOptions(command).action(async (options: ConnectionOptions) => {
    const call: Call = { method: 'GET', path: '/v1/master-key' }
    await write(io.stdout, await callServer(await readConnection(io, options), call, describe))
  })
}

function createRotateCommand(io: CliIo): Command {
  const command = new Command('rotate').description(
    'Makes a new one, and puts everything stored under it while the server runs.',
  )
  return addConnectionOptions(command).action(async (options: ConnectionOptions) => {
    const call: Call = { method: 'POST', path: '/v1/master-key/rotate' }
    const said = await callServer(
      await readConnection(io, options),
      call,
      (answer) => `${describe(answer)}put under it  ${numberOf(answer, 'resealed')}\n`,
    )
    await write(io.stdout, said)
  })
}

function describe(answer: unknown): string {
  const since = textOrNullOf(answer, 'since') ?? 'unknown'
  return `seals since   ${since}\nkeys before   ${numberOf(answer, 'previous')}\n`
}
