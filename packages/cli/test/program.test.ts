import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { DIALECT_NAMES } from '@hallpass/signing/detect'
import { isVerifiable } from '@hallpass/signing/explain'
import { run } from './run-cli.ts'

const REMOTE = [
  'login',
  'logout',
  'ls',
  'cp',
  'share',
  'keys',
  'links',
  'revoke',
  'policy',
  'events',
  'alerts',
  'doctor',
]
const OFFLINE = ['sign', 'verify', 'explain', 'detect', 'redact', 'audit', 'completion']
/** Dialects that people call by other names. */
const CALLED: Readonly<Record<string, string>> = {
  gcs: 'google cloud storage',
  'http-signatures': 'http message signatures',
}
const COMMANDS = ['serve', 'demo', ...REMOTE, ...OFFLINE]

suite('hallpass', () => {
  test('--help and no argument at all list every command and the exit codes', async () => {
    for (const argv of [['--help'], [], ['help']]) {
      const { exitCode, stdout } = await run(argv)
      assert.equal(exitCode, 0)
      for (const name of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} `, 'm'))
      assert.match(stdout, /Exit codes/)
    }
  })

  test('--version prints the version of the package', async () => {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(text) as { version: string }
    assert.deepEqual(await run(['--version']), { exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('every command that needs no server beside it has a help with examples and exit codes', async () => {
    for (const name of [...REMOTE, ...OFFLINE]) {
      const help = await run([name, '--help'])
      assert.equal(help.exitCode, 0)
      assert.match(help.stdout, new RegExp(`^Usage: hallpass ${name}`))
      assert.match(help.stdout, /Examples:/)
      if (name !== 'sign') assert.match(help.stdout, /Exit codes:/)
      assert.equal((await run(['help', name])).stdout, help.stdout)
    }
  })

  test('the help of redact names every dialect that is computed', async () => {
    const { stdout } = await run(['redact', '--help'])
    const computed = DIALECT_NAMES.filter((name) => isVerifiable(name))
    assert.ok(computed.length >= 17, computed.join(', '))
    for (const name of computed) {
      const called = CALLED[name] ?? name.replaceAll('-', ' ')
      assert.ok(stdout.toLowerCase().replaceAll(/\s+/g, ' ').includes(called), name)
    }
  })

  test('an unknown command or option is a usage error that names what is near', async () => {
    const command = await run(['expalin'])
    assert.equal(command.exitCode, 2)
    assert.match(command.stderr, /unknown command 'expalin'[^]*explain/)
    const option = await run(['redact', '--jsn'])
    assert.equal(option.exitCode, 2)
    assert.match(option.stderr, /unknown option '--jsn'[^]*--json[^]*hallpass redact --help/)
  })

  test('an error repeats no signature that was typed, and nothing that moves the cursor', async () => {
    const url = `https://b.s3.amazonaws.com/k?X-Amz-Signature=${'a'.repeat(64)}`
    const lines = [
      ['redact', url],
      ['redact', '\u001b[2Jx'],
      ['sign', 's3', 'get', 'b/k', '--now', `${url}\u0007`],
      [url],
    ]
    for (const line of lines) {
      const { exitCode, stderr } = await run(line)
      assert.ok(exitCode > 1 && stderr.endsWith('\n'))
      assert.doesNotMatch(stderr, /a{64}|[^\P{Cc}\n]/u)
    }
  })

  test('the exit codes and commands stand in docs/cli.md', () => {
    const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
    for (const name of [...REMOTE, ...OFFLINE])
      assert.match(text, new RegExp(`^## hallpass ${name}$`, 'm'))
    assert.match(text, /Exit codes/)
  })
})
