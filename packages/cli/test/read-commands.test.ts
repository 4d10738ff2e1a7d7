import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { AWS_ENV, folderOf, run } from './run-cli.ts'

async function signed(): Promise<string> {
  return (await run(['sign', 's3', 'get', 'bucket/k'], { env: AWS_ENV })).stdout.trimEnd()
}

suite('hallpass explain', () => {
  test('names the cause of an expired URL, for people and as JSON', async () => {
    const url = await signed()
    const text = await run(['explain', url, '--now', '2026-03-15T00:00:00Z'])
    assert.equal(text.exitCode, 0)
    assert.match(text.stdout, /expired/)
    const json = await run(['explain', url, '--now', '2026-03-15T00:00:00Z', '--json'])
    const answer = JSON.parse(json.stdout) as {
      dialect: string
      causes: { code: string; confidence: number; what: string; fix: string }[]
    }
    assert.equal(answer.dialect, 's3')
    const [first] = answer.causes
    assert.match(first?.code ?? '', /expired/)
    assert.equal(typeof first?.confidence, 'number')
    assert.ok((first?.what ?? '') !== '' && (first?.fix ?? '') !== '')
  })

  test('reads command lines of curl among JSON lines, continued as a shell does', async () => {
    const url = await signed()
    const stdin = `curl -X PUT \\\n  -H 'x-amz-acl: private' \\\n  '${url}'\n"${url}"\ncurl '${url}' \\`
    const { exitCode, stdout } = await run(['explain', '--json'], { stdin })
    assert.equal(exitCode, 0)
    const lines = stdout.trimEnd().split('\n')
    const codes = lines.map(
      (line) => (JSON.parse(line) as { causes: { code: string }[] }).causes[0]?.code,
    )
    assert.equal(lines.length, 3)
    assert.equal(codes[0], 'headers-unsigned')
  })

  test('reads one document, a list, and JSON lines, and answers one line each', async () => {
    const url = await signed()
    const request = {
      method: 'GET',
      url,
      headers: [['Host', 'bucket.s3.us-east-1.amazonaws.com']],
      response: { status: 403, headers: [], body: '' },
    }
    const forms: readonly (readonly [string, number])[] = [
      [JSON.stringify(request), 1],
      [JSON.stringify(request, null, 2), 1],
      [JSON.stringify([request, request]), 2],
      [`${JSON.stringify(request)}\n\n${JSON.stringify(url)}\n`, 2],
    ]
    for (const [stdin, count] of forms) {
      const { exitCode, stdout, stderr } = await run(['explain', '--request', '-', '--json'], {
        stdin,
      })
      assert.equal(exitCode, 0, stderr)
      const lines = stdout.trimEnd().split('\n')
      assert.equal(lines.length, count)
      for (const line of lines)
        assert.equal((JSON.parse(line) as { dialect: string }).dialect, 's3')
    }
  })

  test('ends with 1 where nothing is signed, as detect does', async () => {
    for (const command of ['explain', 'detect']) {
      assert.equal((await run([command, 'https://example.com/foo'])).exitCode, 1, command)
    }
  })

  test('takes one secret from a file, as verify does', async () => {
    const folder = folderOf({ 'text.key': 'hallpass-fake-key' })
    const file = ['--key-file', join(folder, 'text.key')]
    const { stdout } = await run(['sign', 'imgix', 'https://demo.imgix.net/a.png?w=1', ...file])
    const changed = stdout.trim().replace('w=1', 'w=1&h=2')
    const explained = await run(['explain', changed, ...file])
    assert.match(explained.stdout, /\[parameter-added, /)
  })

  test('reads the answer of the provider from a file, the body alone or all that curl -i writes', async () => {
    const url = await signed()
    const body = '<Error><Code>InvalidObjectState</Code><Message>archived</Message></Error>'
    const folder = folderOf({
      'body.xml': body,
      'whole.txt': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nDate: Sat, 14 Mar 2026 09:26:53 GMT\r\n\r\n${body}`,
    })
    for (const [file, more] of [
      ['body.xml', ['--status', '403']],
      ['whole.txt', []],
    ] as const) {
      const { stdout } = await run(['explain', url, '--answer', join(folder, file), ...more])
      assert.match(stdout, /^1\. .*\[object-archived, /m, file)
    }
    const late = await run(['explain', url, '--answer', '-', '--now', '2026-03-14T09:26:53Z'], {
      stdin: 'HTTP/2 403\ndate: Sun, 15 Mar 2026 09:26:53 GMT\n\n',
    })
    assert.match(late.stdout, /\[url-expired, /)
    const denied = await run(['explain', url, '--status', '404', '--json'])
    assert.equal(denied.exitCode, 0)
    const wrong = await run(['explain', url, '--status', 'forbidden'])
    assert.equal(wrong.exitCode, 2)
    assert.match(wrong.stderr, /three digits/)
  })

  test('with the key it checks the signature, and shows neither key nor signature', async () => {
    const url = await signed()
    const broken = url.replace('/k?', '/other?')
    const folder = folderOf({
      'keys.json': JSON.stringify([
        {
          dialect: 's3',
          id: AWS_ENV['AWS_ACCESS_KEY_ID'],
          secret: AWS_ENV['AWS_SECRET_ACCESS_KEY'],
        },
      ]),
    })
    const { stdout } = await run([
      'explain',
      broken,
      '--method',
      'get',
      '--keys',
      join(folder, 'keys.json'),
      '--json',
    ])
    assert.equal((JSON.parse(stdout) as { signature: string }).signature, 'invalid')
    assert.ok(
      !stdout.includes(AWS_ENV['AWS_SECRET_ACCESS_KEY'] ?? '') && !/[0-9a-f]{64}/.test(stdout),
    )
  })

  test('a member of the wrong form is named, not left out', async () => {
    const requests = [
      { url: 'https://x/y', headers: { Host: 'x' } },
      { url: 'https://x/y', method: 5 },
      { url: 'https://x/y', response: [] },
      { url: 'https://x/y', body: null },
    ]
    const { exitCode, stderr } = await run(['explain'], {
      stdin: requests.map((request) => JSON.stringify(request)).join('\n'),
    })
    assert.equal(exitCode, 2)
    assert.match(stderr, /line 1 has headers that is not a list of \[name, value\]/)
    assert.match(stderr, /line 2 has method that is not text/)
    assert.match(stderr, /line 3 has response that is not an object/)
    assert.doesNotMatch(stderr, /line 4/)
  })

  test('standard input is read once, and whoever asks for it twice is told', async () => {
    const { exitCode, stderr } = await run(['verify', '--keys', '-', '--request', '-'], {
      stdin: '[{"secret": "abcdef"}]',
    })
    assert.equal(exitCode, 2)
    assert.match(stderr, /standard input \('-'\) can be read only once/)
  })

  test('a file in place of a URL is told how files are given', async () => {
    const cwd = folderOf({ 'requests.json': '[]' })
    for (const [command, how] of [
      ['verify', 'give it with --request.'],
      ['explain', 'give it with --request.'],
      ['detect', 'give its lines on standard input, with <.'],
    ] as const) {
      const { exitCode, stderr } = await run([command, 'requests.json'], { cwd, env: AWS_ENV })
      assert.equal(stderr, `hallpass: requests.json is a file, not a URL: ${how}\n`)
      assert.equal(exitCode, 2)
    }
  })

  test('unusable input is named by its line and ends with 2', async () => {
    const { exitCode, stderr } = await run(['explain', '--json'], {
      stdin: '{"url":"https://a.test/"}\nnot json\n',
    })
    assert.equal(exitCode, 2)
    assert.match(stderr, /line 2 is not JSON/)
    assert.equal((await run(['explain'])).exitCode, 2)
    assert.equal((await run(['explain', 'https://a.test/', '--request', 'x'])).exitCode, 2)
    assert.equal((await run(['explain', '--request', '/nonexistent/x'])).exitCode, 3)
  })
})

suite('hallpass detect', () => {
  test('says what a URL grants, and 1 for what is no signed URL', async () => {
    const url = await signed()
    const text = await run(['detect', url])
    assert.equal(text.exitCode, 0)
    assert.match(
      text.stdout,
      /^s3, SigV4, in the url\n[^]*until +2026-03-14T09:31:53.000Z \(5 min left\)/,
    )
    const lines = await run(['detect', '--json'], { stdin: `${url}\nhttps://a.test/\n` })
    assert.equal(lines.exitCode, 1)
    const [first, second] = lines.stdout.trimEnd().split('\n')
    assert.equal((JSON.parse(first ?? '') as { dialect: string }).dialect, 's3')
    assert.equal(second, 'null')
  })
})

suite('hallpass redact', () => {
  test('redacts standard input and files', async () => {
    const url = await signed()
    const clean = url.replace(/X-Amz-Signature=.*/, 'X-Amz-Signature=[redacted]')
    const piped = await run(['redact'], { stdin: `GET ${url}\nplain\n` })
    assert.deepEqual(piped, { exitCode: 0, stdout: `GET ${clean}\nplain\n`, stderr: '' })
    const cwd = folderOf({ 'a.log': `${url}\n`, 'b.log': 'x\n' })
    assert.equal((await run(['redact', 'a.log', 'b.log'], { cwd })).stdout, `${clean}\nx\n`)
    const missing = await run(['redact', 'c.log'], { cwd })
    assert.equal(missing.exitCode, 3)
    assert.match(missing.stderr, /cannot read c.log: there is no such file/)
  })

  test('bytes that are no UTF-8 come out as they went in', async () => {
    const cwd = folderOf({ 'raw.log': Uint8Array.from([0xff, 0x80, 0x0a]) })
    const counted = await run(['redact', 'raw.log', '--json'], { cwd })
    assert.deepEqual(JSON.parse(counted.stdout), { file: 'raw.log', bytes: 3, secrets: 0 })
  })

  test('--json counts', async () => {
    const url = await signed()
    const { stdout } = await run(['redact', '--json'], { stdin: `${url}\n${url}\n[redacted]\n` })
    assert.equal((JSON.parse(stdout) as { secrets: number }).secrets, 2)
  })
})
