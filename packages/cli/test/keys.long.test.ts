/** `hallpass keys` and `hallpass links` against a real server; the question itself is asked on a terminal in conformance/start. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { startServer } from '@hallpass/server'
import type { RunningServer } from '@hallpass/server'
import { folderOf, run } from './run-cli.ts'
import type { CliResult } from './run-cli.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-keys-'))
let server: RunningServer
let env: Record<string, string>

function hallpass(argv: readonly string[], apiKey?: string): Promise<CliResult> {
  const key = apiKey === undefined ? {} : { HALLPASS_API_KEY: apiKey }
  return run(argv, { env: { ...env, ...key }, now: new Date() })
}

interface Made {
  readonly id: string
  readonly secret: string
}

async function create(words: readonly string[], apiKey?: string): Promise<Made> {
  const { exitCode, stdout, stderr } = await hallpass(['keys', 'create', ...words], apiKey)
  assert.equal(exitCode, 0, stderr)
  return { id: /made the .* (\S+);/.exec(stderr)?.[1] ?? '', secret: stdout.trim() }
}

/** A key that may make keys, one that it made, and one that that made. */
async function createFamily(): Promise<readonly [Made, Made, Made]> {
  const parent = await create(['parent', '--actions', 'admin,read,share'])
  const child = await create(['child', '--actions', 'admin,read,share'], parent.secret)
  return [parent, child, await create(['grandchild', '--actions', 'read'], child.secret)]
}

async function works({ secret }: Made): Promise<boolean> {
  const { status } = await call('GET', '/v1/me', secret)
  return status === 200
}

function call(method: string, path: string, key?: string, body?: string): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key ?? env['HALLPASS_API_KEY']}`,
      ...(body?.startsWith('{') === true ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body }),
  })
}

/** A server of another kind, which answers everything alike. */
async function startStranger(
  t: TestContext,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly asked: readonly (string | undefined)[] }> {
  const asked: (string | undefined)[] = []
  const stranger = createServer((request, response) => {
    asked.push(request.url)
    response.writeHead(status, headers).end('{"welcome":true}')
  })
  await new Promise<void>((resolve) => {
    stranger.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => stranger.close())
  const address = stranger.address()
  assert.ok(address !== null && typeof address === 'object')
  return { url: `http://127.0.0.1:${address.port}`, asked }
}

suite('against a running server', () => {
  before(async () => {
    server = await startServer({ dataDir, port: 0, logLevel: 'silent' })
    env = { HALLPASS_URL: server.url, HALLPASS_API_KEY: server.firstStart.adminKey ?? '' }
  })
  after(async () => {
    await server.close()
    rmSync(dataDir, { recursive: true })
  })

  suite('hallpass keys create', () => {
    test('prints the secret alone, once, and the key is as it was asked for', async () => {
      const made = await create([
        'reports',
        '--actions',
        'read, list',
        '--prefix',
        'acme/reports',
        '--cidr',
        '127.0.0.1',
        '--cidr',
        '::1',
        '--expires',
        '2d',
      ])
      const me = (await (await call('GET', '/v1/me', made.secret)).json()) as Record<
        string,
        unknown
      >
      assert.deepEqual(
        [me['id'], me['name'], me['pathPrefix']],
        [made.id, 'reports', 'acme/reports/'],
      )
      assert.deepEqual(me['actions'], ['read', 'list'])
      assert.equal((me['cidrs'] as string[]).length, 2)
      const days = (Date.parse(String(me['expiresAt'])) - Date.now()) / 86_400_000
      assert.ok(days > 1 && days <= 2)
      const { stdout, stderr } = await hallpass(['keys', 'list', '--all', '--json'])
      assert.ok(stdout.includes(made.id))
      assert.ok(!`${stdout}${stderr}`.includes(made.secret))
    })

    test('--s3 makes a key pair, as a file of variables', async () => {
      const { exitCode, stdout } = await hallpass([
        'keys',
        'create',
        'backup',
        '--s3',
        '--actions',
        'read,write',
        '--max-expires',
        '1h',
        '--presign-delete',
        '--max-bytes',
        '1000',
      ])
      assert.equal(exitCode, 0)
      const [, id] = /^AWS_ACCESS_KEY_ID=(\S+)\nAWS_SECRET_ACCESS_KEY=\S+\n$/.exec(stdout) ?? []
      const list = (await (await call('GET', '/v1/access-keys')).json()) as {
        accessKeys: Record<string, unknown>[]
      }
      const pair = list.accessKeys.find((key) => key['id'] === id)
      assert.deepEqual([pair?.['maxExpiresIn'], pair?.['mayPresignDelete']], [3600, true])
      assert.deepEqual(pair?.['quota'], { keyId: id, maxTotalBytes: 1000, maxFiles: null })
    })

    test('what the server refuses is said with the option that was typed', async () => {
      const lines: readonly (readonly [string[], RegExp])[] = [
        [['--actions', 'fly'], /--actions/],
        [['--actions', 'read', '--cidr', 'nowhere'], /--cidr/],
        [['--actions', 'read', '--expires', '2020-01-01'], /--expires: it must be a time to come/],
        [['--actions', 'read', '--max-expires', '1h'], /add --s3/],
        [[], /--actions/],
      ]
      for (const [words, expected] of lines) {
        const { exitCode, stdout, stderr } = await hallpass(['keys', 'create', 'x', ...words])
        assert.deepEqual([exitCode, stdout], [2, ''])
        assert.match(stderr, expected)
        assert.doesNotMatch(stderr, /expiresAt|cidrs|maxExpiresIn/)
      }
    })
  })

  suite('hallpass keys list', () => {
    test('lists the living keys of both kinds, and with --all those that are over', async () => {
      const made = await create(['listed \u001b[2J', '--actions', 'read'])
      const living = await hallpass(['keys', 'list'])
      assert.match(living.stdout, /^ID +KIND +STATE /)
      assert.match(
        living.stdout,
        new RegExp(`^${made.id} +API key +active +never .*listed \\?`, 'm'),
      )
      assert.match(living.stdout, / S3 key pair +active /)
      assert.equal((await hallpass(['keys', 'revoke', made.id, '--only'])).exitCode, 0)
      assert.ok(!(await hallpass(['keys', 'list'])).stdout.includes(made.id))
      const all = await hallpass(['keys', 'list', '--all'])
      assert.match(all.stdout, new RegExp(`^${made.id} +API key +revoked `, 'm'))
    })
  })

  suite('hallpass keys revoke', () => {
    test('without a terminal it must be told what ends, and changes nothing until then', async () => {
      const family = await createFamily()
      for (const words of [[], ['--yes']]) {
        const { exitCode, stdout, stderr } = await hallpass([
          'keys',
          'revoke',
          family[0].id,
          ...words,
        ])
        assert.deepEqual([exitCode, stdout], [2, ''])
        assert.match(stderr, /--only .*--descendants/)
      }
      const both = await hallpass(['keys', 'revoke', family[0].id, '--only', '--descendants'])
      assert.equal(both.exitCode, 2)
      for (const key of family) assert.ok(await works(key))
    })

    test('--only ends the key alone, and shows what goes on', async () => {
      const [parent, child, grandchild] = await createFamily()
      const { exitCode, stdout, stderr } = await hallpass(['keys', 'revoke', parent.id, '--only'])
      assert.deepEqual([exitCode, stdout], [0, `revoked ${parent.id}\n`])
      assert.match(stderr, new RegExp(`\\(2\\):\n +${child.id} [^]*${grandchild.id} `))
      assert.deepEqual(await Promise.all([parent, child, grandchild].map(works)), [
        false,
        true,
        true,
      ])
      const again = await hallpass(['keys', 'revoke', parent.id, '--only'])
      assert.deepEqual([again.exitCode, again.stdout], [0, 'nothing was left to revoke\n'])
      const rest = await hallpass(['keys', 'revoke', parent.id, '--descendants'])
      assert.equal(rest.exitCode, 0)
      assert.deepEqual(await Promise.all([child, grandchild].map(works)), [false, false])
    })

    test('--descendants ends the keys that it made, and the links of all of them', async () => {
      const [parent, child, grandchild] = await createFamily()
      await call('PUT', '/v1/files?path=acme/a.txt', undefined, 'x')
      const link = await call('POST', '/v1/links', child.secret, '{"path":"acme/a.txt"}')
      const { url } = (await link.json()) as { url: string }
      assert.equal((await fetch(url)).status, 200)
      const words = ['keys', 'revoke', parent.id, '--descendants', '--json']
      const { exitCode, stdout } = await hallpass(words)
      assert.equal(exitCode, 0)
      const { revoked } = JSON.parse(stdout) as { revoked: string[] }
      assert.deepEqual(revoked.toSorted(), [parent.id, child.id, grandchild.id].toSorted())
      assert.deepEqual(await Promise.all([parent, child, grandchild].map(works)), [
        false,
        false,
        false,
      ])
      assert.equal((await fetch(url)).status, 403)
    })

    test('an S3 key pair is found by its id too, and one that is not there is said to be none', async () => {
      const { stdout } = await hallpass(['keys', 'create', 's3', '--s3', '--actions', 'read'])
      const id = /AWS_ACCESS_KEY_ID=(\S+)/.exec(stdout)?.[1] ?? ''
      const ended = await hallpass(['keys', 'revoke', id, '--only'])
      assert.deepEqual([ended.exitCode, ended.stdout], [0, `revoked ${id}\n`])
      const none = await hallpass(['keys', 'revoke', '../links/x', '--only'])
      assert.equal(none.exitCode, 2)
      assert.match(none.stderr, /there is no key .*keys list --all/)
    })
  })

  suite('hallpass links', () => {
    test('lists what was issued below a path, and revokes one', async () => {
      await call('PUT', '/v1/files?path=linked/a.txt', undefined, 'x')
      const answer = await call(
        'POST',
        '/v1/links',
        undefined,
        '{"path":"linked/a.txt","maxUses":5}',
      )
      const link = (await answer.json()) as { id: string; url: string }
      const list = ['links', 'list', '--path', 'linked/']
      const listed = await hallpass(list)
      assert.match(
        listed.stdout,
        new RegExp(`^${link.id}  active   GET   until \\S+  used 0/5  linked/a.txt\n$`),
      )
      await hallpass(['links', 'pause', link.id])
      assert.match((await hallpass(list)).stdout, /  paused   GET   until /)
      const revoked = await hallpass(['links', 'revoke', link.id])
      assert.deepEqual([revoked.exitCode, revoked.stdout], [0, `revoked ${link.id}\n`])
      assert.equal((await fetch(link.url)).status, 403)
      assert.equal((await hallpass([...list, '--status', 'active'])).stdout, '')
      const json = JSON.parse((await hallpass([...list, '--json'])).stdout) as { status: string }
      assert.equal(json.status, 'revoked')
      assert.equal((await hallpass(['links', 'revoke', '..'])).exitCode, 2)
      assert.equal((await hallpass(['links', 'revoke', 'no-such-link'])).exitCode, 2)
    })
  })

  suite('the server a command speaks to', () => {
    const admin = (): string => env['HALLPASS_API_KEY'] ?? ''

    test('is named, with a key that is on no command line, or nothing is sent', async () => {
      const line = ['keys', 'list']
      const without = await run(line)
      assert.equal(without.exitCode, 2)
      assert.match(without.stderr, /--url, or set HALLPASS_URL/)
      const keyless = await run(line, { env: { HALLPASS_URL: server.url } })
      assert.equal(keyless.exitCode, 2)
      assert.match(keyless.stderr, /--key-file, or set HALLPASS_API_KEY/)
      for (const url of ['ftp://a', 'files.example.com', 'https://u:p@a/', 'https://a/b', 'x']) {
        const { exitCode, stderr } = await run([...line, '--url', url], { env })
        assert.equal(exitCode, 2)
        assert.match(stderr, /^hallpass: --url must be the address of a server/)
      }
    })

    test('takes the key from a file or from standard input', async () => {
      const cwd = folderOf({ 'admin.key': `${admin()}\n`, 'two.key': `${admin()}\nsecond\n` })
      const line = ['keys', 'list', '--url', server.url, '--key-file']
      assert.equal((await run([...line, 'admin.key'], { cwd })).exitCode, 0)
      assert.equal((await run([...line, '-'], { stdin: admin() })).exitCode, 0)
      const two = await run([...line, 'two.key'], { cwd })
      assert.equal(two.exitCode, 2)
      assert.match(two.stderr, /two\.key must hold one API key/)
      assert.ok(!two.stderr.includes(admin()))
      rmSync(cwd, { recursive: true })
    })

    test('refuses a key in its own words, and the key is not among them', async () => {
      const { exitCode, stderr } = await hallpass(['keys', 'list'], 'hp_wrong_key')
      assert.equal(exitCode, 2)
      assert.match(stderr, /^hallpass: \S.+\n$/)
      assert.ok(!stderr.includes('hp_wrong_key'))
      const narrow = await create(['narrow', '--actions', 'read'])
      const denied = await hallpass(['keys', 'list'], narrow.secret)
      assert.equal(denied.exitCode, 2)
      assert.match(denied.stderr, /admin/)
    })

    test('gets the key, and no server that it points at does', async (t) => {
      const stranger = await startStranger(t, 307, { location: '/elsewhere' })
      const { exitCode, stderr } = await run(['links', 'list', '--url', stranger.url], { env })
      assert.equal(exitCode, 3)
      assert.match(stderr, /answered 307, and not as Hallpass does/)
      assert.equal(stranger.asked.length, 1)
    })

    test('is believed only if it answers as Hallpass does', async (t) => {
      const { url } = await startStranger(t, 200)
      const lines = [
        ['links', 'revoke', 'some-link'],
        ['links', 'list'],
        ['keys', 'list'],
        ['keys', 'create', 'x', '--actions', 'read'],
        ['keys', 'revoke', 'some-key', '--only'],
      ]
      for (const line of lines) {
        const { exitCode, stdout, stderr } = await run([...line, '--url', url], { env })
        assert.deepEqual([exitCode, stdout], [3, ''])
        assert.match(stderr, /answered 200, and not as Hallpass does/)
      }
    })

    test('that is not there is a failure that says where it was looked for', async () => {
      const { exitCode, stderr } = await run(['keys', 'list', '--url', 'http://127.0.0.1:1'], {
        env,
      })
      assert.equal(exitCode, 3)
      assert.match(stderr, /^hallpass: cannot reach http:\/\/127\.0\.0\.1:1: .*--url right\?\n$/)
    })
  })
})
