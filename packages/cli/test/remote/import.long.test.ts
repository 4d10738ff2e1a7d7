/** `hallpass import`: folders and buckets into a real server, again and again until all of it is there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { before, suite, test } from 'node:test'
import { signS3Headers } from '@hallpass/signing/s3'
import type { CliResult } from '../run-cli.ts'
import { withServer } from './with-server.ts'

interface Line {
  readonly below: string
  readonly path: string | null
  readonly size: number
  readonly outcome: string
  readonly reason: string | null
}

interface StoredFile {
  readonly path: string
  readonly contentType: string
  readonly metadata: Readonly<Record<string, string>>
}

const linesOf = ({ stdout }: CliResult): Line[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

const outcomesOf = (result: CliResult): Record<string, string> =>
  Object.fromEntries(linesOf(result).map(({ below, outcome }) => [below, outcome]))

suite('hallpass import', () => {
  const { url, adminKey, cwd, hallpass, call } = withServer()
  const folder = join(cwd, 'archive')

  async function filesIn(place: string): Promise<StoredFile[]> {
    const answer = await call('GET', `/v1/files?folder=${place}&recursive=true&limit=1000`)
    return ((await answer.json()) as { files: StoredFile[] }).files
  }

  async function contentOf(path: string): Promise<string> {
    const found = await call('GET', `/v1/files?path=${encodeURIComponent(path)}`)
    const { signedUrl } = (await found.json()) as { signedUrl: string }
    return (await fetch(signedUrl)).text()
  }

  /** Names whose order by bytes is not that of a walk, and that a normalization would change. */
  const NAMES = {
    'a.txt': 'one',
    'a/deep/file.html': '<p>',
    'a-b/c.json': '{}',
    'caf\u00e9.txt': 'composed',
    'cafe\u0301.txt': 'decomposed',
    '\ufeffmark.txt': 'a mark at its start',
    'weird \u{1F600} & #?%41.bin': 'strange',
    empty: '',
  }

  before(() => {
    for (const [name, text] of Object.entries(NAMES)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  })

  test('says what it would send, and sends nothing', async () => {
    const result = await hallpass(['import', 'archive', 'acme/dry', '--dry-run', '--json'])
    assert.equal(result.exitCode, 0, result.stderr)
    assert.deepEqual(new Set(Object.values(outcomesOf(result))), new Set(['sent']))
    assert.match(result.stderr, /^8 to send \(\d+ B\)\n$/)
    assert.equal((await call('GET', '/v1/files?folder=acme/dry')).status, 404)
  })

  test('brings all of it under the very names, with types by their endings', async () => {
    const result = await hallpass(['import', 'archive', 'hp:acme/in', '--parallel', '3'])
    assert.equal(result.exitCode, 0, result.stderr)
    assert.match(result.stdout, /^8 sent \(\d+ B\)\n$/)
    const stored = await filesIn('acme/in')
    const expected = Object.keys(NAMES).map((name) => `acme/in/${name}`)
    assert.deepEqual(stored.map(({ path }) => path).toSorted(), expected.toSorted())
    const types = Object.fromEntries(stored.map(({ path, contentType }) => [path, contentType]))
    assert.equal(types['acme/in/a-b/c.json'], 'application/json')
    for (const [name, text] of Object.entries(NAMES)) {
      assert.equal(await contentOf(`acme/in/${name}`), text, name)
    }
  })

  test('a second call sends what is missing or differs, and nothing else', async () => {
    writeFileSync(join(folder, 'a.txt'), 'two')
    writeFileSync(join(folder, 'a', 'new.txt'), 'new')
    const result = await hallpass(['import', 'archive', 'acme/in/', '--json'])
    const sent = linesOf(result).filter(({ outcome }) => outcome === 'sent')
    assert.deepEqual(sent.map(({ below }) => below).toSorted(), ['a.txt', 'a/new.txt'])
    assert.match(result.stderr, /2 sent \(6 B\), 7 there already/)
    assert.equal(await contentOf('acme/in/a.txt'), 'two')
  })

  test('replaces nothing with --no-overwrite', async () => {
    writeFileSync(join(folder, 'a.txt'), 'three')
    const result = await hallpass(['import', 'archive', 'acme/in', '--no-overwrite', '--json'])
    assert.equal(outcomesOf(result)['a.txt'], 'kept')
    assert.equal(await contentOf('acme/in/a.txt'), 'two')
  })

  test('leaves links, pipes and devices out, and names what cannot be', async () => {
    const odd = join(cwd, 'odd')
    mkdirSync(odd)
    writeFileSync(join(odd, 'good.txt'), 'good')
    writeFileSync(Buffer.concat([Buffer.from(`${odd}/`), Buffer.from([0x62, 0xff, 0x64])]), 'bad')
    writeFileSync(join(odd, `${'long'.repeat(60)}.txt`), 'long')
    symlinkSync('/etc/passwd', join(odd, 'link'))
    assert.equal(spawnSync('mkfifo', [join(odd, 'pipe')]).status, 0)
    const isRoot = process.getuid?.() === 0
    if (!isRoot) {
      writeFileSync(join(odd, 'secret.txt'), 'secret')
      chmodSync(join(odd, 'secret.txt'), 0)
    }
    // A limit of the folder refuses one file and no other.
    await call('PUT', '/v1/buckets/narrow', {})
    await call('PUT', '/v1/folders/narrow', { policy: { maxBytes: 4 } })
    writeFileSync(join(odd, 'large.txt'), 'larger')
    const result = await hallpass(['import', 'odd', 'narrow'])
    assert.equal(result.exitCode, 1, result.stderr)
    assert.match(result.stderr, /^left out {2}link: a link/m)
    assert.match(result.stderr, /^left out {2}pipe: a pipe/m)
    assert.match(result.stderr, /^FAILED {4}b.d: its name is no UTF-8$/m)
    assert.match(result.stderr, /^FAILED {4}large\.txt: /m)
    assert.match(
      result.stdout,
      new RegExp(`2 sent \\(8 B\\), 2 left out, ${isRoot ? 2 : 3} failed`),
    )
    rmSync(odd, { recursive: true })
  })

  test('a key that is none ends it at once, and so does a server that is not there', async () => {
    const env = { HALLPASS_URL: url(), HALLPASS_API_KEY: 'hp_wrong_0123456789abcdefghijklmnop' }
    const refused = await hallpass(['import', 'archive', 'acme/in'], { env })
    assert.equal(refused.exitCode, 2)
    const nobody = { HALLPASS_URL: 'http://127.0.0.1:1', HALLPASS_API_KEY: adminKey() }
    const gone = await hallpass(['import', 'archive', 'acme/in'], { env: nobody })
    assert.equal(gone.exitCode, 3)
    assert.match(gone.stderr, /cannot reach/)
  })

  test('what is no folder is refused, and so is no bucket', async () => {
    assert.equal((await hallpass(['import', 'archive/a.txt', 'acme'])).exitCode, 2)
    assert.equal((await hallpass(['import', 'nowhere', 'acme'])).exitCode, 3)
    assert.equal((await hallpass(['import', 'archive', 'hp:'])).exitCode, 2)
  })

  suite('from a bucket', () => {
    let env: Record<string, string> = {}
    const source = (): string => `s3://source/deep?endpoint=${url()}`

    async function ask(
      method: 'PUT' | 'HEAD',
      [bucket, key]: readonly [string, string],
      headers: Record<string, string> = {},
      body?: string,
    ): Promise<Response> {
      const signed = signS3Headers({
        credentials: {
          accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
          secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
        },
        region: 'us-east-1',
        endpoint: url(),
        method,
        bucket,
        key,
        headers,
        payloadHash: 'UNSIGNED-PAYLOAD',
      })
      const answer = await fetch(signed.url, {
        method,
        headers: signed.headers,
        ...(body !== undefined && { body }),
      })
      assert.equal(answer.status, 200, await answer.text())
      return answer
    }

    const put = (key: string, text: string, headers: Record<string, string>): Promise<Response> =>
      ask('PUT', ['source', key], headers, text)

    before(async () => {
      await call('PUT', '/v1/buckets/source', {})
      const made = await call('POST', '/v1/access-keys', {
        name: 's',
        actions: ['read', 'write', 'list'],
      })
      const { id, secretAccessKey } = (await made.json()) as { id: string; secretAccessKey: string }
      env = {
        HALLPASS_URL: url(),
        HALLPASS_API_KEY: adminKey(),
        AWS_ACCESS_KEY_ID: id,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      }
      await put('deep/report.pdf', 'report', {
        'content-type': 'application/x-own',
        'cache-control': 'max-age=60',
        'content-disposition': 'attachment; filename="r.pdf"',
        'x-amz-meta-owner': 'J=?UTF-8?Q?=C3=B6?=rg',
      })
      await put('deep/b/caf\u00e9.txt', 'plain', { 'content-type': 'binary/octet-stream' })
      await put('deep/large.bin', 'x'.repeat(100_000), {})
      await put('other/not-this.txt', 'no', {})
    })

    test('brings what lies below the prefix, with its headers and metadata', async () => {
      const result = await hallpass(['import', source(), 'acme/from', '--json'], { env })
      assert.equal(result.exitCode, 0, result.stderr)
      const stored = await filesIn('acme/from')
      assert.deepEqual(
        stored.map(({ path }) => path),
        ['acme/from/b/caf\u00e9.txt', 'acme/from/large.bin', 'acme/from/report.pdf'],
      )
      const report = stored.find(({ path }) => path.endsWith('report.pdf'))
      assert.equal(report?.contentType, 'application/x-own')
      assert.equal(report?.metadata['owner'], 'J\u00f6rg')
      assert.match(stored[0]?.contentType ?? '', /^text\/plain/)
      const { headers } = await ask('HEAD', ['acme', 'from/report.pdf'])
      assert.equal(headers.get('content-disposition'), 'attachment; filename="r.pdf"')
      assert.equal(headers.get('cache-control'), 'private, max-age=60')
      assert.equal(await contentOf('acme/from/report.pdf'), 'report')
    })

    test('goes on where it was', async () => {
      await put('deep/report.pdf', 'another', {})
      const result = await hallpass(['import', source(), 'acme/from', '--json'], { env })
      assert.deepEqual(outcomesOf(result), {
        'b/caf\u00e9.txt': 'same',
        'large.bin': 'same',
        'report.pdf': 'sent',
      })
    })

    test('a bucket that is not there is a failure of the store', async () => {
      const missing = `s3://nowhere?endpoint=${url()}`
      const { exitCode, stderr } = await hallpass(['import', missing, 'acme/from'], { env })
      assert.equal(exitCode, 3)
      assert.match(stderr, /there is no such bucket/)
    })
  })
})
