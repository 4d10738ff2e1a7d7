/** `hallpass policy`, `revoke`, `events`, `alerts` and `links` against a real server. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { waitUntil } from '../../../../conformance/lib/patience.ts'
import { withServer } from './with-server.ts'

suite('the guard from a terminal', () => {
  const { url, adminKey, hallpass, call } = withServer()

  async function ok(...argv: string[]): Promise<{ stdout: string; stderr: string }> {
    const { exitCode, stdout, stderr } = await hallpass(argv)
    assert.equal(exitCode, 0, stderr)
    return { stdout, stderr }
  }

  async function put(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${adminKey()}` }
    const answer = await fetch(`${url()}/v1/files?path=${path}`, {
      method: 'PUT',
      headers,
      body: 'x',
    })
    assert.ok(answer.ok)
  }

  async function issue(path: string, terms: object = {}): Promise<{ id: string; url: string }> {
    await put(path)
    const answer = await call('POST', '/v1/links', { path, ...terms })
    return (await answer.json()) as { id: string; url: string }
  }

  suite('hallpass keys quota', () => {
    test('bounds a key that was made with a quota anew, of either kind', async () => {
      for (const path of ['/v1/api-keys', '/v1/access-keys']) {
        const json = { name: 'k', actions: ['write'], quota: { maxTotalBytes: 5 } }
        const { id } = (await (await call('POST', path, json)).json()) as { id: string }
        await ok('keys', 'quota', id, '--max-files', '3')
        const more = ['--max-bytes', 'any', '--json']
        const { quota } = JSON.parse((await ok('keys', 'quota', id, ...more)).stdout) as {
          quota: object
        }
        assert.deepEqual(quota, { keyId: id, maxTotalBytes: null, maxFiles: 3 })
      }
    })

    test('says what is missing, and why a key gets none', async () => {
      const json = { name: 'k', actions: ['write'] }
      const { id } = (await (await call('POST', '/v1/api-keys', json)).json()) as { id: string }
      const bare = await hallpass(['keys', 'quota', id])
      assert.match(bare.stderr, /--max-bytes, --max-files or both/)
      const { exitCode, stderr } = await hallpass(['keys', 'quota', id, '--max-files', '1'])
      assert.equal(exitCode, 2)
      assert.match(stderr, /was made without a quota/)
    })
  })

  suite('hallpass policy', () => {
    test('sets lines, leaves the others, takes them away, and shows who says what', async () => {
      await put('acme/inbox/a.txt')
      await ok(
        'policy',
        'set',
        'acme',
        '--line',
        'maxBytes=5000',
        '--line',
        'maxDownloadSeconds=1h',
      )
      const lines = ['--line', 'methods=GET', '--line', 'contentTypes=image/*,text/plain']
      await ok('policy', 'set', 'acme/inbox', ...lines, '--reason', 'photos')
      const shown = (await ok('policy', 'show', 'hp:acme/inbox/')).stdout
      assert.match(shown, /^maxDownloadSeconds +3600 +acme\/$/m)
      assert.match(shown, /^methods +GET +acme\/inbox\/$/m)
      assert.match(shown, /^contentTypes +image\/\*,text\/plain +acme\/inbox\/$/m)
      assert.match(shown, /^reasonOverSeconds +86400 +the standard$/m)
      await ok('policy', 'set', 'acme', '--unset', 'maxBytes', '--line', 'requireIp=true')
      const { stdout } = await ok('policy', 'show', 'acme', '--json')
      const { policy } = JSON.parse(stdout) as { policy: object }
      assert.deepEqual(policy, { maxDownloadSeconds: 3600, requireIp: true })
      await call('PUT', '/v1/folders/acme', { policy: null })
      await call('PUT', '/v1/folders/acme/inbox', { policy: null })
    })

    test('a preset and a file stand for the whole', async () => {
      await ok('policy', 'set', 'acme', '--line', 'maxBytes=5000')
      await ok('policy', 'set', 'acme', '--preset', 'strict', '--line', 'maxFiles=9')
      assert.match((await ok('policy', 'show', 'acme')).stdout, /^defaultDownloadSeconds +60 /m)
      assert.doesNotMatch((await ok('policy', 'show', 'acme')).stdout, /^maxBytes/m)
      const words = ['policy', 'set', 'acme', '--file', '-', '--json']
      const { exitCode, stdout } = await hallpass(words, { stdin: '{"maxFiles": 7}' })
      assert.equal(exitCode, 0)
      assert.deepEqual((JSON.parse(stdout) as { policy: object }).policy, { maxFiles: 7 })
      const shown = (await ok('policy', 'show', 'acme')).stdout
      assert.match(shown, /^acme\/ holds \S+ \w+ and \d+ of 7 files$/m)
      await call('PUT', '/v1/folders/acme', { policy: null })
    })

    test('says which living links it would refuse, and sets it only with a yes', async () => {
      const { id, url: link } = await issue('tight/a.txt', { expiresIn: 3600 })
      const lines = ['tight', '--line', 'maxDownloadSeconds=60']
      assert.equal((await fetch(link)).status, 200)
      await waitUntil(async () => {
        const answer = await call('GET', `/v1/events?link=${id}&kind=link.used`)
        const { events } = (await answer.json()) as { events: unknown[] }
        return events.length > 0
      })
      const preview = await hallpass(['policy', 'preview', ...lines])
      assert.equal(preview.exitCode, 1)
      assert.match(preview.stdout, new RegExp(`^${id}  \\S+  tight/a\\.txt  `))
      assert.match(
        preview.stderr,
        /^1 living links would be refused\n1 of 1 requests of the last week/,
      )
      const refused = await hallpass(['policy', 'set', ...lines])
      assert.deepEqual([refused.exitCode, refused.stdout], [2, ''])
      assert.match(refused.stderr, /1 living links would be refused: .*--yes sets it all the same/)
      assert.match(
        (await ok('policy', 'set', ...lines, '--yes')).stdout,
        /policy of tight, version 1/,
      )
      assert.equal((await hallpass(['policy', 'preview', ...lines])).exitCode, 0)
    })

    test('what cannot hold is refused with the line', async () => {
      for (const [words, expected] of [
        [['--line', 'maxBytes=many'], /maxBytes/],
        [['--line', 'noSuchLine=1'], /noSuchLine/],
        [['--line', 'maxBytes'], /Expected a line such as/],
        [['--unset', 'maxBytes'], /there is no line maxBytes/],
        [[], /say what shall hold/],
      ] as const) {
        const { exitCode, stderr } = await hallpass(['policy', 'set', ...words])
        assert.equal(exitCode, 2, stderr)
        assert.match(stderr, expected)
      }
    })
  })

  suite('hallpass revoke', () => {
    test('ends a link by its id, or by its URL that comes through a pipe', async () => {
      const [first, second] = [await issue('ended/a.txt'), await issue('ended/b.txt')]
      assert.equal((await ok('revoke', first.id)).stdout, `revoked ${first.id}\n`)
      const piped = await hallpass(['revoke', '-', '--json'], { stdin: `${second.url}\n` })
      assert.deepEqual(JSON.parse(piped.stdout), { revoked: [second.id] })
      for (const link of [first, second]) assert.equal((await fetch(link.url)).status, 403)
      const typed = await hallpass(['revoke', first.url])
      assert.equal(typed.exitCode, 2)
      assert.match(typed.stderr, /its URL goes to standard input/)
      assert.doesNotMatch(typed.stderr, /X-Amz-Signature=[0-9a-f]/)
      assert.equal(
        (await hallpass(['revoke', '-'], { stdin: 'https://other.example/' })).exitCode,
        2,
      )
    })

    test('sweeps a folder once somebody says yes', async () => {
      const link = await issue('swept/deep/a.txt')
      const words = ['revoke', '--folder', 'swept/deep']
      const asked = await hallpass(words)
      assert.equal(asked.exitCode, 2)
      assert.match(asked.stderr, /say --yes to end every link of folder swept\/deep/)
      assert.equal((await fetch(link.url)).status, 200)
      assert.match(
        (await ok(...words, '--yes')).stdout,
        /^revoked every link of folder swept\/deep: 1 /,
      )
      assert.equal((await fetch(link.url)).status, 403)
      for (const wrong of [[], ['id', '--all'], ['--file', 'a/b', '--all']]) {
        assert.equal((await hallpass(['revoke', ...wrong, '--yes'])).exitCode, 2)
      }
    })
  })

  suite('hallpass links', () => {
    test('shows one with what became of it, pauses it and lets it go on', async () => {
      const { id, url: link } = await issue('paused/a.txt', { label: 'for Ann' })
      assert.match((await ok('links', 'show', id)).stdout, /^ +label +for Ann$/m)
      assert.equal((await ok('links', 'pause', id)).stdout, `paused ${id}\n`)
      assert.equal((await fetch(link)).status, 403)
      assert.equal((await ok('links', 'resume', id)).stdout, `resumed ${id}\n`)
      assert.equal((await fetch(link)).status, 200)
      const json = JSON.parse((await ok('links', 'show', id, '--json')).stdout) as { path: string }
      assert.equal(json.path, 'paused/a.txt')
    })
  })

  suite('hallpass events', () => {
    test('shows what happened, the latest last, and no URL', async () => {
      const { id } = await issue('seen/a.txt')
      await ok('revoke', id)
      const { stdout } = await ok('events', '--link', id)
      assert.match(stdout, /^\S+Z  link\.issued  seen\/a\.txt .*\n\S+Z  link\.revoked .*\n$/)
      const since = await ok('events', '--path', 'seen/', '--since', '1h', '--json', '--limit', '1')
      assert.equal((JSON.parse(since.stdout) as { kind: string }).kind, 'link.revoked')
      assert.equal((await hallpass(['events', '--since', 'yesterday'])).exitCode, 2)
      assert.equal((await hallpass(['events', '--kind', 'none'])).exitCode, 2)
    })

    test('--follow shows what happens as it happens', async () => {
      const words = ['events', '--follow', '--path', 'live/', '--limit', '2', '--json']
      const ended = new AbortController()
      const following = hallpass(words).finally(() => ended.abort())
      // What happens before the stream stands is not shown: something happens until it ends.
      while (!ended.signal.aborted) await issue('live/a.txt')
      const { exitCode, stdout } = await following
      assert.equal(exitCode, 0)
      const kinds = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { kind: string }).kind)
      assert.equal(kinds.length, 2)
    })

    test('a stream that the key may not see is refused', async () => {
      const made = await call('POST', '/v1/api-keys', { name: 'reader', actions: ['read'] })
      const { key } = (await made.json()) as { key: string }
      const env = { HALLPASS_URL: url(), HALLPASS_API_KEY: key }
      const { exitCode, stderr } = await hallpass(['events', '--follow'], { env })
      assert.equal(exitCode, 2)
      assert.match(stderr, /admin/)
    })
  })

  suite('hallpass alerts', () => {
    test('lists none where there is none, and closes none that is not there', async () => {
      const { stdout, stderr } = await ok('alerts', 'list')
      assert.deepEqual([stdout, stderr], ['', 'none\n'])
      assert.equal((await ok('alerts', 'list', '--closed', '--json')).stdout, '')
      const { exitCode, stderr: said } = await hallpass(['alerts', 'close', 'no-such-alert'])
      assert.equal(exitCode, 2)
      assert.match(said, /no alert/)
    })
  })
})
