/** `hallpass completion`, in the shells themselves; those that the machine has not got are left out. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import process from 'node:process'
import { after, before, suite, test } from 'node:test'
import { folderOf, run } from './run-cli.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

function unless(shell: Shell): { skip: string | false } {
  return { skip: spawnSync(shell, ['--version']).status === 0 ? false : `not installed: ${shell}` }
}

/** What a shell offers for the last of these words; `''` for one that has not been begun. */
type Offer = (...words: string[]) => string[]

suite('hallpass completion', () => {
  let folder = ''

  before(async () => {
    const scripts = await Promise.all(
      SHELLS.map(async (shell) => {
        const { exitCode, stdout } = await run(['completion', shell])
        assert.equal(exitCode, 0)
        return [shell, stdout] as const
      }),
    )
    folder = folderOf({ ...Object.fromEntries(scripts), 'here.pdf': '' })
  })
  after(() => rmSync(folder, { recursive: true }))

  function lines(shell: Shell, words: readonly string[]): string[] {
    const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
    const { status, stdout, stderr } = spawnSync(shell, words, {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    assert.equal(stderr, '')
    return stdout.split('\n').filter((line) => line !== '')
  }

  const inBash: Offer = (...words) => {
    const script = `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hallpass
for word in "\${COMPREPLY[@]}"; do echo "$word"; done`
    return lines('bash', ['--norc', '-uc', script, 'bash', 'hallpass', ...words])
  }

  /** Its own functions only show what they are given: the widget needs a terminal. */
  const inZsh: Offer = (...words) => {
    const script = `compdef() { }
compadd() { print -rl -- "\${@:2}" }
_files() { print -rl -- *(N) }
_describe() { print -rl -- "\${(@)\${(P)2}%%:*}" }
source ./zsh; words=(hallpass "$@"); CURRENT=$#words; _hallpass`
    const begun = words.at(-1) ?? ''
    return lines('zsh', ['-fc', script, 'zsh', ...words]).filter((word) => word.startsWith(begun))
  }

  const inFish: Offer = (...words) => {
    const script = 'source ./fish; complete -C (string join -- " " $argv)'
    const line = ['hallpass', ...words]
    return lines('fish', ['--no-config', '-c', script, ...line]).map(
      (offered) => offered.split('\t')[0] ?? '',
    )
  }

  for (const [shell, offer] of [
    ['bash', inBash],
    ['zsh', inZsh],
    ['fish', inFish],
  ] as const) {
    suite(shell, unless(shell), () => {
      test('offers the commands, and those below one', () => {
        assert.deepEqual(offer('re').toSorted(), ['redact', 'restore', 'revoke'])
        assert.deepEqual(offer('keys', '').toSorted(), ['create', 'list', 'quota', 'revoke'])
        assert.deepEqual(offer('links', 'p'), ['pause'])
      })

      test('offers the options of a command', () => {
        assert.deepEqual(offer('keys', 'list', '--a'), ['--all'])
        assert.deepEqual(offer('share', '--qr', '--us'), ['--uses'])
        assert.deepEqual(offer('links', 'list', '--no-such'), [])
      })

      test('offers what an option can say', () => {
        const words = offer('links', 'list', '--status', '')
        assert.deepEqual(words.toSorted(), ['active', 'expired', 'revoked', 'used-up'])
        assert.deepEqual(offer('policy', 'set', '--preset', 'st').toSorted(), [
          'standard',
          'strict',
        ])
        assert.deepEqual(offer('completion', 'z'), ['zsh'])
      })

      test('offers files where one is wanted', () => {
        assert.deepEqual(offer('keys', 'list', '--key-file', 'he'), ['here.pdf'])
      })
    })
  }

  test('has every command with every option, as --help lists them', async () => {
    const { stdout: help } = await run(['--help'])
    const { stdout: script } = await run(['completion', 'bash'])
    const names = [...help.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name = '']) => name)
    assert.ok(names.length > 15)
    for (const name of names) {
      assert.match(script, new RegExp(`^ {4}'${name}'\\) `, 'm'))
      const { stdout: own } = await run([name, '--help'])
      const line = new RegExp(`^ {4}'${name}'\\) .*$`, 'm').exec(script)?.[0] ?? ''
      for (const [, flag = ''] of own.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
        assert.ok(line.includes(` ${flag}`) || line.includes(`'${flag}`), `${name} ${flag}`)
      }
    }
  })

  test('there is none for another shell', async () => {
    const { exitCode, stderr } = await run(['completion', 'tcsh'])
    assert.equal(exitCode, 2)
    assert.match(stderr, /Allowed choices are bash, zsh, fish/)
  })
})
