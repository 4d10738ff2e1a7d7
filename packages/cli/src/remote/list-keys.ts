/**
 * `hallpass keys list`.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { formatTable, write, writeJsonLine } from '../output.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { KEY_KINDS, fetchKeys } from './key-records.ts'
import type { KeyRecord } from './key-records.ts'

interface Options extends ConnectionOptions {
  readonly all?: boolean
  readonly json?: boolean
}

export function createListKeysCommand(io: CliIo): Command {
  const command = new Command('list')
    .description('Lists the living API keys and S3 key pairs, never their secrets.')
    .option('--all', 'also those that are over')
    .option('--json', 'one line of JSON for each key')
  return addConnectionOptions(command).action(async (options: Options) => {
    const connection = await readConnection(io, options)
    const nowMs = io.now().getTime()
    const keys = (await fetchKeys(connection)).filter(
      (key) => options.all === true || stateOf(key, nowMs) === 'active',
    )
    if (options.json === true) {
      for (const key of keys) await writeJsonLine(io.stdout, { ...key, state: stateOf(key, nowMs) })
      return
    }
    await write(io.stdout, formatTable([HEADINGS, ...keys.map((key) => rowOf(key, nowMs))]))
  })
}

const HEADINGS = ['ID', 'KIND', 'STATE', 'ENDS', 'MADE BY', 'ACTIONS', 'BELOW', 'NAME']

function rowOf(key: KeyRecord, nowMs: number): string[] {
  return [
    key.id,
    KEY_KINDS[key.kind].called,
    stateOf(key, nowMs),
    key.expiresAt ?? 'never',
    key.createdBy,
    key.actions.join(','),
    key.pathPrefix === '' ? 'everything' : key.pathPrefix,
    key.name,
  ]
}

function stateOf({ expiresAt, revokedAt }: KeyRecord, nowMs: number): string {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? 'expired' : 'active'
}
