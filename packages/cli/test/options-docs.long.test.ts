/** docs/cli.md has every command with its options, and no other: it says what `--help` and completion say. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { before, suite, test } from 'node:test'
import { COMMANDS } from '../src/command-table.ts'
import { shapesOf } from '../src/completion/command-shapes.ts'
import type { CommandShape } from '../src/completion/command-shapes.ts'
import type { CliIo } from '../src/io.ts'
import { NOW } from './run-cli.ts'

const DOCS = new URL('../../../docs/', import.meta.url)
const page = readFileSync(new URL('cli.md', DOCS), 'utf8')

/** Options that stand elsewhere, or that every command has. */
const HELP = ['--help', '-h']
const settings = [
  ...readFileSync(new URL('configuration.md', DOCS), 'utf8').matchAll(
    /^\| `\w+` \| `\w+` \| `(--[a-z-]+)` \|/gm,
  ),
].map(([, flag]) => flag)

const NOBODY: CliIo = {
  stdin: Readable.from([]),
  stdout: new Writable(),
  stderr: new Writable(),
  env: {},
  cwd: '/nonexistent',
  home: '/nonexistent',
  now: () => NOW,
  exitCode: 0,
}

const flagsOf = ({ options }: CommandShape): string[] => options.flatMap(({ flags }) => flags)

function ownFlagsOf(shape: CommandShape): string[] {
  const left = shape.path === 'serve' ? [...HELP, ...settings] : HELP
  return flagsOf(shape).filter((flag) => !left.includes(flag))
}

suite('docs/cli.md', () => {
  let shapes: readonly CommandShape[] = []

  before(async () => {
    const loaded = await Promise.all(
      COMMANDS.map(async ({ name, load }) => shapesOf((await load())(NOBODY), name)),
    )
    shapes = loaded.flat()
  })

  test('has a section for every command, and for no other', () => {
    const sections = [...page.matchAll(/^## hallpass ([a-z-]+)$/gm)].map(([, name = '']) => name)
    assert.deepEqual(sections.toSorted(), COMMANDS.map(({ name }) => name).toSorted())
  })

  test('lists every option of every command, and no other', () => {
    const [, table = ''] = page.split('\n## Every option\n')
    const rows = [...table.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)]
    const documented = rows.map(([, path, cell = '']) =>
      [path, ...[...cell.matchAll(/`(-[^`]+)`/g)].map(([, flag]) => flag)].join(' '),
    )
    const commands = shapes.filter(({ children }) => children.length === 0)
    assert.deepEqual(
      documented,
      commands.map((shape) => [shape.path, ...ownFlagsOf(shape)].join(' ')),
    )
  })

  test('speaks in the section of a command of options that it has', () => {
    const sections = [...page.matchAll(/^## hallpass ([a-z-]+)\n(.*?)(?=^###? )/gms)]
    assert.equal(sections.length, COMMANDS.length)
    for (const [, name = '', text = ''] of sections) {
      const own = shapes.filter(({ path }) => path === name || path.startsWith(`${name} `))
      const known = new Set(own.flatMap(flagsOf))
      const spoken = text.match(/(?<![\w-])--[a-z][\w-]*/g) ?? []
      assert.deepEqual(
        spoken.filter((flag) => !known.has(flag)),
        [],
        name,
      )
    }
  })
})
