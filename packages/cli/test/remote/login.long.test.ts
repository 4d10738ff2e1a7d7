/** `hallpass login`, and which server and key a command uses. */
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { withServer } from './with-server.ts'

suite('hallpass login', () => {
  const { url, adminKey, home, cwd, hallpass } = withServer()
  const file = (): string => join(home, '.config', 'hallpass', 'profiles.json')
  const login = (...words: string[]): ReturnType<typeof hallpass> =>
    hallpass(['login', url(), '--key-file', '-', ...words], { env: {}, stdin: adminKey() })

  test('keeps server and key where nobody else can read them, and every command finds them', async () => {
    const { exitCode, stdout, stderr } = await login()
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /^logged in at http:\/\/localhost:\d+ as .*admin/)
    assert.ok(!`${stdout}${stderr}`.includes(adminKey()))
    assert.equal(statSync(file()).mode & 0o777, 0o600)
    assert.equal(statSync(join(file(), '..')).mode & 0o777, 0o700)
    assert.equal((await hallpass(['keys', 'list'], { env: {} })).exitCode, 0)
  })

  test('a key that the server refuses is not kept, and what was kept stays', async () => {
    await login()
    const before = readFileSync(file(), 'utf8')
    const words = ['login', url(), '--key-file', '-']
    const { exitCode, stderr } = await hallpass(words, { env: {}, stdin: 'hp_not_a_key' })
    assert.equal(exitCode, 2)
    assert.ok(!stderr.includes('hp_not_a_key'))
    assert.equal(readFileSync(file(), 'utf8'), before)
  })

  test('a file that others can read is refused, and not repaired in silence', async () => {
    await login()
    chmodSync(file(), 0o644)
    const { exitCode, stderr } = await hallpass(['keys', 'list'], { env: {} })
    assert.equal(exitCode, 2)
    assert.match(stderr, /others than you can use it\. Run 'chmod 600'/)
    assert.equal(statSync(file()).mode & 0o777, 0o644)
    chmodSync(file(), 0o600)
  })

  test('a file that is none of its own is said to be so', async () => {
    for (const text of ['not json', '[1]', '{"default":{"url":1}}']) {
      writeFileSync(file(), text)
      const { exitCode, stderr } = await hallpass(['keys', 'list'], { env: {} })
      assert.equal(exitCode, 2, text)
      assert.match(stderr, /is not a file of profiles/)
    }
    writeFileSync(file(), '{}')
  })

  test('a kept key goes to its own server alone', async () => {
    await login()
    const { exitCode, stderr } = await hallpass(['ls', '--url', 'http://127.0.0.1:1'], { env: {} })
    assert.equal(exitCode, 2)
    assert.match(stderr, /the key of the profile is for http:\/\/localhost:\d+, and is not sent to/)
  })

  test('variables win over what is kept, and a profile that is named wins over variables', async () => {
    await login('--profile', 'mine')
    const elsewhere = { HALLPASS_URL: 'http://127.0.0.1:1', HALLPASS_API_KEY: 'hp_other' }
    assert.equal((await hallpass(['ls'], { env: elsewhere })).exitCode, 3)
    assert.equal((await hallpass(['ls', '--profile', 'mine'], { env: elsewhere })).exitCode, 0)
    assert.equal((await hallpass(['ls'], { env: { HALLPASS_PROFILE: 'mine' } })).exitCode, 0)
    const none = await hallpass(['ls', '--profile', 'none'], { env: {} })
    assert.equal(none.exitCode, 2)
    assert.match(none.stderr, /there is no profile none\. 'hallpass login URL --profile none'/)
  })

  test('XDG_CONFIG_HOME says where, if it is a whole path', async () => {
    const folder = join(cwd, 'config')
    const words = ['login', url(), '--key-file', '-']
    await hallpass(words, { env: { XDG_CONFIG_HOME: folder }, stdin: adminKey() })
    assert.ok(statSync(join(folder, 'hallpass', 'profiles.json')).isFile())
  })

  test('logout forgets one, and the key lives on', async () => {
    await login('--profile', 'gone')
    const { exitCode, stdout } = await hallpass(['logout', '--profile', 'gone'], { env: {} })
    assert.equal(exitCode, 0)
    assert.match(stdout, /^forgot http:/)
    assert.equal((await hallpass(['ls', '--profile', 'gone'], { env: {} })).exitCode, 2)
    assert.equal((await hallpass(['logout', '--profile', 'gone'], { env: {} })).exitCode, 2)
    assert.equal((await hallpass(['ls'])).exitCode, 0)
  })

  test('without a terminal nobody is asked for the key', async () => {
    const { exitCode, stderr } = await hallpass(['login', url()], { env: {} })
    assert.equal(exitCode, 2)
    assert.match(stderr, /no API key\. Name a file with --key-file/)
  })
})
