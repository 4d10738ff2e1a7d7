/**
 * What shells need to know of the commands, read from the same objects that parse command lines and print `--help`.
 *
 * @module
 */
import type { Argument, Command, Option } from 'commander'

/** What can stand somewhere: one of a few words, a file, a folder, or anything. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'any' | 'nothing' }

export interface OptionShape {
  /** `--key-file`, and a letter if it has one: `-r`. */
  readonly flags: readonly string[]
  readonly summary: string
  readonly values: Values
}

export interface CommandShape {
  /** `''` for the program itself, `keys`, `keys list`. */
  readonly path: string
  readonly children: readonly { readonly name: string; readonly summary: string }[]
  readonly options: readonly OptionShape[]
  /** Of its first argument. */
  readonly values: Values
}

/** The command with all below it. */
export function shapesOf(command: Command, path: string): CommandShape[] {
  const [argument] = command.registeredArguments
  const own = {
    path,
    children: command.commands.map((child) => ({ name: child.name(), summary: summaryOf(child) })),
    options: [...command.options.filter(({ hidden }) => !hidden), HELP].map(optionShape),
    values: argument === undefined ? NOTHING : argumentValues(argument),
  }
  const below = command.commands.flatMap((child) =>
    shapesOf(child, path === '' ? child.name() : `${path} ${child.name()}`),
  )
  return [own, ...below]
}

/** One line of what it says of itself. */
export function summaryOf(command: Command): string {
  return command.summary() === '' ? command.description() : command.summary()
}

type Described = Pick<
  Option,
  'long' | 'short' | 'description' | 'required' | 'optional' | 'flags' | 'argChoices'
>

const HELP: Described = {
  long: '--help',
  short: '-h',
  description: 'show what it does and how it is called',
  required: false,
  optional: false,
  flags: '-h, --help',
}

const NOTHING: Values = { kind: 'nothing' }

function optionShape(option: Described): OptionShape {
  const flags = [option.long, option.short].filter((flag) => typeof flag === 'string')
  return { flags, summary: option.description, values: optionValues(option) }
}

function optionValues({ required, optional, flags, argChoices }: Described): Values {
  if (!required && !optional) return NOTHING
  if (argChoices !== undefined) return { kind: 'words', words: argChoices }
  return byPlaceholder(/[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '')
}

function argumentValues(argument: Argument): Values {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices }
  return byPlaceholder(argument.name())
}

/** The help says what a value is in capital letters. */
function byPlaceholder(name: string): Values {
  if (/DIR/i.test(name)) return { kind: 'folder' }
  return { kind: /FILE|SOURCE|TARGET|INPUT|PATHS/i.test(name) ? 'file' : 'any' }
}
