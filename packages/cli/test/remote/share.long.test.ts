/** `hallpass share` against a real server, and against one that answers what only some servers do. */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { folderOf, run } from '../run-cli.ts'
import { withServer } from './with-server.ts'

suite('hallpass share', () => {
  const { cwd, hallpass, call } = withServer()
  writeFileSync(join(cwd, 'report.pdf'), 'the report')

  test('uploads, and prints a link that works as often as it was told', async () => {
    const { exitCode, stdout, stderr } = await hallpass([
      'share',
      'report.pdf',
      '--for',
      '2d',
      '--uses',
      '1',
      '--qr',
    ])
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /^http:\S+\n$/)
    assert.match(stderr, /uploaded to shares\/\d{4}-\d\d-\d\d-[0-9a-f]{10}\/report\.pdf/)
    assert.match(stderr, /'hallpass revoke \S+' ends it/)
    assert.match(stderr, /█▀▀▀▀▀█|▄▄▄▄▄▄▄|█ ▄▄▄▄▄ █/)
    const download = await fetch(stdout.trim())
    assert.equal(await download.text(), 'the report')
    assert.equal((await fetch(stdout.trim())).status, 410)
  })

  test('a file that is on the server is shared where it lies, with what the link is told', async () => {
    await hallpass(['cp', 'report.pdf', 'hp:acme/reports/annual.pdf'])
    const words = [
      'share',
      'hp:acme/reports/annual.pdf',
      '--filename',
      'Annual.pdf',
      '--label',
      'L',
    ]
    const { exitCode, stdout } = await hallpass([...words, '--for', '1h', '--json'])
    assert.equal(exitCode, 0)
    const { id, url } = JSON.parse(stdout) as { id: string; url: string }
    const download = await fetch(url)
    assert.match(download.headers.get('content-disposition') ?? '', /Annual\.pdf/)
    await download.text()
    const link = (await (await call('GET', `/v1/links/${id}`)).json()) as Record<string, unknown>
    assert.deepEqual([link['label'], link['path']], ['L', 'acme/reports/annual.pdf'])
  })

  test('--to says where, and replaces nothing unless told', async () => {
    const words = ['share', 'report.pdf', '--to', 'acme/to/']
    assert.equal((await hallpass(words)).exitCode, 0)
    const again = await hallpass(words)
    assert.deepEqual([again.exitCode, again.stdout], [2, ''])
    assert.match(again.stderr, /there is a file at acme\/to\/report\.pdf already/)
    assert.equal((await hallpass([...words, '--overwrite'])).exitCode, 0)
  })

  test('what the server refuses is said with the option that was typed', async () => {
    const share = ['share', 'hp:acme/reports/annual.pdf']
    for (const [words, expected] of [
      [['--for', '8d'], /--for/],
      [['--ip', 'nowhere'], /--ip/],
      [['--uses', '0'], /--uses/],
    ] as const) {
      const { exitCode, stdout, stderr } = await hallpass([...share, ...words])
      assert.deepEqual([exitCode, stdout], [2, ''])
      assert.match(stderr, expected)
      assert.doesNotMatch(stderr, /expiresIn|maxUses/)
    }
  })

  test('what is meant for a page is refused for a link, and the other way round', async () => {
    const share = ['share', 'hp:acme/reports/annual.pdf']
    for (const [words, expected] of [
      [['--greeting', 'hello'], /are for pages: add --page/],
      [['--page', '--inline'], /are for links, and not for --page/],
    ] as const) {
      const { exitCode, stdout, stderr } = await hallpass([...share, ...words])
      assert.deepEqual([exitCode, stdout], [2, ''])
      assert.match(stderr, expected)
    }
  })
})

suite('hallpass share, and what a server may answer', () => {
  test('a file that waits in quarantine is not shared, and copied it is said to wait', async (t) => {
    const asked: string[] = []
    const env = await answering(t, (request, response) => {
      asked.push(`${request.method} ${request.url?.split('?')[0]}`)
      request.resume().on('end', () => {
        const isMe = request.url === '/v1/me'
        const me = { id: 'k', name: 'n', actions: [], pathPrefix: 'acme/' }
        const held = { id: 'held_1', state: 'waiting', path: 'acme/x/a.txt' }
        response.writeHead(isMe ? 200 : 202).end(JSON.stringify(isMe ? me : held))
      })
    })
    const cwd = folderOf({ 'a.txt': 'a' })
    t.after(() => rmSync(cwd, { recursive: true }))
    const shared = await run(['share', 'a.txt'], { env, cwd })
    assert.deepEqual([shared.exitCode, shared.stdout], [1, ''])
    assert.match(shared.stderr, /waits in quarantine \(held_1\).*hallpass share hp:acme\/x\/a\.txt/)
    assert.deepEqual(asked, ['GET /v1/me', 'PUT /v1/files'])
    const copied = await run(['cp', 'a.txt', 'hp:acme/x/'], { env, cwd })
    assert.deepEqual([copied.exitCode, copied.stderr], [0, ''])
    assert.match(copied.stdout, /1 B, waits in quarantine \(held_1\)/)
  })

  test('--page asks for a page, with the password that a file has', async (t) => {
    const bodies: unknown[] = []
    const env = await answering(t, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        bodies.push(request.url, JSON.parse(Buffer.concat(chunks).toString()))
        const share = {
          id: 'link_1',
          url: 'https://a.example/s/1',
          expiresAt: '2026-03-15T00:00:00Z',
        }
        response.writeHead(201).end(JSON.stringify(share))
      })
    })
    const cwd = folderOf({ word: 'open sesame\n' })
    t.after(() => rmSync(cwd, { recursive: true }))
    const words = [
      'share',
      'hp:acme/photos/',
      '--page',
      '--password-file',
      'word',
      '--owner',
      'Ann',
    ]
    const { exitCode, stdout, stderr } = await run([...words, '--for', '2d'], { env, cwd })
    assert.deepEqual([exitCode, stdout], [0, 'https://a.example/s/1\n'])
    assert.ok(!stderr.includes('sesame'))
    assert.deepEqual(bodies, [
      '/v1/shares',
      {
        path: 'acme/photos/',
        expiresIn: 172_800,
        reason: 'shared with hallpass share',
        password: 'open sesame',
        owner: 'Ann',
      },
    ])
  })

  /** A server that answers as it is told to. */
  async function answering(
    t: TestContext,
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<Record<string, string>> {
    const server = createServer(answer)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    return { HALLPASS_URL: `http://127.0.0.1:${address.port}`, HALLPASS_API_KEY: 'hp_key' }
  }
})
