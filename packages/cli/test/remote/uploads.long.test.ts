/** Large files that go up in parts: whole, after a break, and with a key that may not do that. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  readdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, request as requestHttp } from 'node:http'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { withServer } from './with-server.ts'

const SIZE = 33 * 1024 ** 2
const PARTS = 5

suite('a large file', () => {
  const { cwd, home, url, adminKey, hallpass, call } = withServer()
  const kept = (): string[] => readdirSync(join(home, '.local', 'state', 'hallpass', 'uploads'))

  function write(name: string): void {
    writeFileSync(join(cwd, name), name)
    truncateSync(join(cwd, name), SIZE - 1)
    appendFileSync(join(cwd, name), '!')
  }

  async function etagOf(path: string): Promise<string> {
    const answer = await call('GET', `/v1/files?path=${path}`)
    return ((await answer.json()) as { etag: string }).etag
  }

  test('goes up in parts, and its hash is known for what comes later', async () => {
    write('film.bin')
    const { exitCode, stdout, stderr } = await hallpass(['cp', 'film.bin', 'hp:acme/', '--json'])
    assert.equal(exitCode, 0, stderr)
    assert.match(await etagOf('acme/film.bin'), /-5$/)
    assert.deepEqual(kept(), [])
    const { sha256 } = JSON.parse(stdout) as { sha256: string }
    const down = await hallpass(['cp', 'hp:acme/film.bin', 'back.bin', '--json'])
    assert.equal(down.exitCode, 0, down.stderr)
    assert.equal((JSON.parse(down.stdout) as { sha256: string }).sha256, sha256)
    const again = await hallpass(['cp', 'hp:acme/film.bin', 'back.bin'])
    assert.match(again.stdout, /there already/)
    const taken = await hallpass(['cp', 'film.bin', 'hp:acme/', '--no-overwrite'])
    assert.equal(taken.exitCode, 2)
    assert.match(taken.stderr, /already/)
  })

  test('goes on after a break where it was, when it is called again', async (t) => {
    write('broken.bin')
    const sent: number[] = []
    const proxy = await startBreaking(t, (part) => {
      sent.push(part)
      return part === 4
    })
    const broken = { HALLPASS_URL: proxy, HALLPASS_API_KEY: adminKey() }
    const first = await hallpass(['cp', 'broken.bin', 'hp:acme/'], { env: broken })
    assert.equal(first.exitCode, 3)
    assert.match(first.stderr, /part 4 of the upload could not be sent: .* Call it again to go on/)
    assert.equal((await call('GET', '/v1/files?path=acme/broken.bin')).status, 404)
    assert.equal(kept().length, 1)

    sent.length = 0
    const whole = await startBreaking(t, (part) => {
      sent.push(part)
      return false
    })
    // The upload is known by its server, and a proxy is another name for it.
    const known = join(home, '.local', 'state', 'hallpass', 'uploads')
    const [id = ''] = kept()
    const name = createHash('sha256')
      .update(JSON.stringify([whole, 'acme/broken.bin', sha256Of('broken.bin')]))
      .digest('hex')
    copyFileSync(join(known, id), join(known, name))
    const env = { HALLPASS_URL: whole, HALLPASS_API_KEY: adminKey() }
    const second = await hallpass(['cp', 'broken.bin', 'hp:acme/'], { env })
    assert.equal(second.exitCode, 0, second.stderr)
    assert.ok(sent.length < PARTS && sent.includes(4), String(sent))
    assert.match(await etagOf('acme/broken.bin'), /-5$/)
  })

  test('goes up whole with a key that may store and not share', async () => {
    write('plain.bin')
    const made = await call('POST', '/v1/api-keys', { name: 'writer', actions: ['write', 'read'] })
    const { key } = (await made.json()) as { key: string }
    const env = { HALLPASS_URL: url(), HALLPASS_API_KEY: key }
    const { exitCode, stderr } = await hallpass(['cp', 'plain.bin', 'hp:acme/'], { env })
    assert.equal(exitCode, 0, stderr)
    assert.match(await etagOf('acme/plain.bin'), /^[0-9a-f]{32}$/)
  })

  function sha256Of(name: string): string {
    return createHash('sha256')
      .update(readFileSync(join(cwd, name)))
      .digest('hex')
  }

  /** In front of the server; it cuts the parts that `breaks` says, and writes its own address in place of the server's. */
  async function startBreaking(t: TestContext, breaks: (part: number) => boolean): Promise<string> {
    let own = ''
    const proxy = createServer((asked, response) => {
      const part = Number(/[?&]partNumber=(\d+)/.exec(asked.url ?? '')?.[1] ?? 0)
      if (part > 0 && breaks(part)) {
        asked.socket.destroy()
        return
      }
      const headers = { ...asked.headers, host: new URL(url()).host }
      const options = { method: asked.method, headers }
      const forwarded = requestHttp(`${url()}${asked.url}`, options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString().replaceAll(url(), own)
          const type = answer.headers['content-type'] ?? 'text/plain'
          response.writeHead(answer.statusCode ?? 500, { 'content-type': type }).end(text)
        })
      })
      asked.pipe(forwarded)
    })
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve)
    })
    t.after(() => {
      proxy.closeAllConnections()
      proxy.close()
    })
    const address = proxy.address()
    assert.ok(address !== null && typeof address === 'object')
    own = `http://127.0.0.1:${address.port}`
    return own
  }
})
