/**
 * The policy that a command line asks for: lines over those that are there, or a whole one from a file or a preset.
 *
 * @module
 */
import { Option } from 'commander'
import type { Command } from 'commander'
import { CliError } from '../../io.ts'
import type { CliIo } from '../../io.ts'
import { collectText } from '../../option-values.ts'
import { readJsonDocument } from '../../read-input.ts'
import { callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { UnexpectedShape, memberOf } from '../read-shape.ts'
import { collectLine } from './policy-lines.ts'
import type { Policy } from './policy-lines.ts'
import { policyCall } from './policy-place.ts'

export interface WishOptions {
  readonly line?: Policy
  readonly unset?: string[]
  readonly preset?: string
  readonly file?: string
}

export interface PolicyWish {
  readonly preset?: string
  readonly policy: Policy
}

export function addWishOptions(command: Command): Command {
  return command
    .option(
      '--line <NAME=VALUE>',
      'a line, as often as there are: maxBytes=5000000, methods=GET,PUT',
      collectLine,
    )
    .option('--unset <NAME>', 'take a line away, as often as there are', collectText)
    .addOption(
      new Option('--preset <NAME>', 'these lines in place of all that are there').choices([
        'strict',
        'standard',
        'open',
      ]),
    )
    .option(
      '--file <FILE>',
      "a policy as JSON in place of all that is there, '-' for standard input",
    )
}

/** What is not named stays as it is, unless a preset or a file stands for the whole. */
export async function readWish(
  io: CliIo,
  connection: Connection,
  { place, options }: { readonly place: string | undefined; readonly options: WishOptions },
): Promise<PolicyWish> {
  const { line = {}, unset = [], preset, file } = options
  if (Object.keys(line).length + unset.length === 0 && preset === undefined && file === undefined) {
    throw new CliError('say what shall hold: --line, --unset, --preset or --file.')
  }
  if (file !== undefined) {
    const policy = await readJsonDocument(io, file)
    if (!isPolicy(policy)) throw new CliError(`${file} must hold a JSON object of policy lines.`)
    return {
      policy: without({ ...policy, ...line }, unset),
      ...(preset !== undefined && { preset }),
    }
  }
  if (preset !== undefined) return { preset, policy: without(line, unset) }
  const own = await fetchOwn(connection, place)
  const missing = unset.find((name) => !Object.hasOwn(own, name))
  if (missing !== undefined) throw new CliError(`--unset: there is no line ${missing} there.`)
  return { policy: { ...without(own, unset), ...line } }
}

/** What the place says itself. */
function fetchOwn(connection: Connection, place: string | undefined): Promise<Policy> {
  return callServer(connection, { method: 'GET', path: policyCall(place) }, (answer) => {
    const policy = memberOf(answer, 'policy')
    if (isPolicy(policy)) return policy
    throw new UnexpectedShape('policy')
  })
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function without(policy: Policy, names: readonly string[]): Policy {
  return Object.fromEntries(Object.entries(policy).filter(([name]) => !names.includes(name)))
}
