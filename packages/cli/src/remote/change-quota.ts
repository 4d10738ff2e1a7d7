/**
 * `hallpass keys quota`.
 *
 * @module
 */
import { Command, InvalidArgumentError } from 'commander'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { parseCount } from '../option-values.ts'
import { write, writeJsonLine } from '../output.ts'
import type { TypedNames } from '../typed-names.ts'
import { callServer } from './call-server.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { KEY_KINDS, findKey } from './key-records.ts'

interface Options extends ConnectionOptions {
  /** `null`: any number. */
  readonly maxBytes?: number | null
  readonly maxFiles?: number | null
  readonly json?: boolean
}

const NAMES: TypedNames = {
  quota: '--max-bytes, --max-files',
  maxTotalBytes: '--max-bytes',
  maxFiles: '--max-files',
}

export function createQuotaCommand(io: CliIo): Command {
  const command = new Command('quota')
    .description(
      'Changes how much may lie there of what a key stores, if it was made with a quota.',
    )
    .argument('<ID>', "the key's id, from 'hallpass keys list'")
    .option('--max-bytes <N>', "how much of it may lie there in all, or 'any'", parseBound)
    .option('--max-files <N>', "how many files of it may lie there, or 'any'", parseBound)
    .option('--json', 'print the key as JSON')
  return addConnectionOptions(command).action(async (id: string, options: Options) => {
    const { maxBytes, maxFiles } = options
    if (maxBytes === undefined && maxFiles === undefined) {
      throw new CliError('say what shall be bounded: --max-bytes, --max-files or both.')
    }
    const connection = await readConnection(io, options)
    const { kind } = await findKey(connection, id)
    const path = `${KEY_KINDS[kind].path}/${encodeURIComponent(id)}`
    const json = { quota: compact({ maxTotalBytes: maxBytes, maxFiles }) }
    const asked = { method: 'PATCH', path, json, names: NAMES } as const
    const answer = await callServer(connection, asked, (changed) => changed)
    if (options.json === true) await writeJsonLine(io.stdout, answer)
    else await write(io.stdout, `changed ${id}\n`)
  })
}

function parseBound(text: string): number | null {
  if (text === 'any') return null
  try {
    return parseCount(text)
  } catch {
    throw new InvalidArgumentError("Expected a whole number, or 'any'.")
  }
}
