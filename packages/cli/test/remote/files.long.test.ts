/** `hallpass ls` and `hallpass cp` against a real server. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { withServer } from './with-server.ts'

suite('hallpass ls and cp', () => {
  const { cwd, url, adminKey, hallpass, call } = withServer()
  const here = (...names: string[]): string => join(cwd, ...names)
  const ok = async (...argv: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await hallpass(argv)
    assert.equal(exitCode, 0, stderr)
    return stdout
  }

  test('a file goes up and comes down as it was, and is listed with its size', async () => {
    const bytes = randomBytes(3_000_000)
    writeFileSync(here('report.pdf'), bytes)
    assert.match(
      await ok('cp', 'report.pdf', 'hp:acme/reports/'),
      /hp:acme\/reports\/report\.pdf  2\.9 MiB/,
    )
    await ok('cp', 'hp:acme/reports/report.pdf', 'back.pdf')
    assert.deepEqual(readFileSync(here('back.pdf')), bytes)
    assert.match(
      await ok('ls', 'acme/reports'),
      /^ +2\.9 MiB  \S+ \S+  private  acme\/reports\/report\.pdf\n$/,
    )
    assert.match(await ok('ls', 'acme/reports/report.pdf', '--bytes'), /^ +3000000 /)
    assert.match(await ok('ls', 'acme'), /^ +acme\/reports\/\n$/)
    assert.match(await ok('ls'), /^acme\/$/m)
  })

  test('--json says what a list has, and no URL that fetches it', async () => {
    writeFileSync(here('a.txt'), 'a')
    await ok('cp', 'a.txt', 'hp:listed')
    const text = await ok('ls', 'listed', '--json')
    const file = JSON.parse(text) as Record<string, unknown>
    assert.deepEqual(
      [file['path'], file['size'], file['visibility']],
      ['listed/a.txt', 1, 'private'],
    )
    assert.doesNotMatch(text, /Signature|fetchUrl|http/)
  })

  test('a folder goes up and comes down whole, and again only what is missing or differs', async () => {
    mkdirSync(here('site', 'deep', 'er'), { recursive: true })
    writeFileSync(here('site', 'index.html'), '<p>')
    writeFileSync(here('site', 'deep', 'er', 'ü #?%.txt'), 'deep')
    writeFileSync(here('site', 'empty'), '')
    symlinkSync('/etc/hostname', here('site', 'link'))
    const first = await hallpass(['cp', '-r', 'site', 'hp:web/site'])
    assert.equal(first.exitCode, 0, first.stderr)
    assert.match(first.stderr, /left out, being neither file nor folder: link/)
    writeFileSync(here('site', 'index.html'), '<p>new')
    const again = await ok('cp', '-r', 'site', 'hp:web/site', '--json')
    const skipped = again
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { to: string; skipped: boolean })
      .filter((copied) => copied.skipped)
      .map(({ to }) => to)
    assert.deepEqual(skipped, ['hp:web/site/deep/er/ü #?%.txt', 'hp:web/site/empty'])
    await ok('cp', '-r', 'hp:web/site', 'copy')
    assert.equal(readFileSync(here('copy', 'deep', 'er', 'ü #?%.txt'), 'utf8'), 'deep')
    assert.equal(readFileSync(here('copy', 'index.html'), 'utf8'), '<p>new')
    assert.match(await ok('cp', '-r', 'hp:web/site', 'copy'), /^(?:.*there already\n){3}$/)
  })

  test('--no-overwrite replaces nothing, there or here', async () => {
    writeFileSync(here('keep.txt'), 'one')
    await ok('cp', 'keep.txt', 'hp:keep')
    writeFileSync(here('keep.txt'), 'two')
    const up = await hallpass(['cp', 'keep.txt', 'hp:keep/keep.txt', '--no-overwrite'])
    assert.equal(up.exitCode, 2)
    assert.match(up.stderr, /there is a file at keep\/keep\.txt already; nothing was replaced/)
    assert.match(await ok('cp', 'hp:keep/keep.txt', 'keep.txt', '--no-overwrite'), /there already/)
    assert.equal(readFileSync(here('keep.txt'), 'utf8'), 'two')
  })

  test('what is refused is said in the words of the server, and before the bytes are sent', async () => {
    writeFileSync(here('big.bin'), randomBytes(2_000_000))
    await call('PUT', '/v1/buckets/small')
    await call('PUT', '/v1/folders/small/tiny', { policy: { maxBytes: 10 } })
    const { exitCode, stdout, stderr } = await hallpass(['cp', 'big.bin', 'hp:small/tiny/'])
    assert.deepEqual([exitCode, stdout], [2, ''])
    assert.match(stderr, /10/)
    assert.equal((await hallpass(['cp', 'hp:small/none', '.'])).exitCode, 2)
    assert.equal((await hallpass(['cp', 'no-such-file', 'hp:small/'])).exitCode, 3)
    assert.equal((await hallpass(['cp', 'a', 'b'])).exitCode, 2)
    assert.equal((await hallpass(['cp', 'hp:a/a', 'hp:b/b'])).exitCode, 2)
    assert.equal((await hallpass(['cp', 'site', 'hp:small/'])).exitCode, 2)
  })

  test('a download that breaks off leaves no file under its name, and goes on when it is called again', async (t) => {
    const bytes = randomBytes(400_000)
    writeFileSync(here('long.bin'), bytes)
    await ok('cp', 'long.bin', 'hp:broken/')
    const ranges: (string | undefined)[] = []
    const cutting = await startCutting(t, ranges)
    const env = { HALLPASS_URL: cutting, HALLPASS_API_KEY: adminKey() }
    mkdirSync(here('partial'))
    const { exitCode, stderr } = await hallpass(['cp', 'hp:broken/long.bin', 'partial/'], { env })
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual(readFileSync(here('partial', 'long.bin')), bytes)
    assert.deepEqual(readdirSync(here('partial')), ['long.bin'])
    assert.equal(ranges[0], undefined)
    assert.match(ranges[1] ?? '', /^bytes=[1-9]\d*-$/)
  })

  test('what comes with another hash is thrown away', async (t) => {
    writeFileSync(here('true.txt'), 'true')
    await ok('cp', 'true.txt', 'hp:forged/')
    const forger = await startForger(t)
    const env = { HALLPASS_URL: forger, HALLPASS_API_KEY: adminKey() }
    mkdirSync(here('forged'))
    const { exitCode, stderr } = await hallpass(['cp', 'hp:forged/true.txt', 'forged/'], { env })
    assert.equal(exitCode, 3)
    assert.match(stderr, /another hash\. It was thrown away/)
    assert.deepEqual(readdirSync(here('forged')), [])
  })

  test('a name that leads elsewhere is not followed', async () => {
    for (const name of ['a%5Cb', 'con.txt', 'c%3Ax']) {
      const put = await fetch(`${url()}/v1/files?path=names/${name}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${adminKey()}` },
        body: 'x',
      })
      assert.equal(put.status, 201)
      const { exitCode, stderr } = await hallpass(['cp', '-r', 'hp:names', 'named'])
      assert.equal(exitCode, 2, stderr)
      assert.match(stderr, /cannot be a file here/)
      await fetch(`${url()}/names/${name}`, { method: 'DELETE' })
      const { id } = (await put.json()) as { id: string }
      await call('DELETE', `/v1/files/${id}`)
    }
  })

  /** In front of the server, for the API; the bytes come through it too, and the first answer of them is cut in the middle. */
  async function startCutting(
    t: { after: (end: () => void) => void },
    ranges: (string | undefined)[],
  ): Promise<string> {
    return startBetween(t, async (target, headers) => {
      const isContent = !target.startsWith('/v1/')
      if (isContent) ranges.push(headers['range'])
      const answer = await fetch(`${url()}${target}`, { headers })
      const body = Buffer.from(await answer.arrayBuffer())
      const isFirst = isContent && ranges.length === 1
      return {
        status: answer.status,
        headers: answer.headers,
        body,
        cutAt: isFirst ? 150_000 : null,
      }
    })
  }

  async function startForger(t: { after: (end: () => void) => void }): Promise<string> {
    return startBetween(t, async (target, headers) => {
      const answer = await fetch(`${url()}${target}`, { headers })
      const body = Buffer.from(await answer.arrayBuffer())
      const forged = target.startsWith('/v1/') ? body : Buffer.from('fake')
      return { status: answer.status, headers: answer.headers, body: forged, cutAt: null }
    })
  }

  interface Between {
    readonly status: number
    readonly headers: Headers
    readonly body: Buffer
    readonly cutAt: number | null
  }

  /** Links lead through it as well: it writes its own address in place of the server's. */
  async function startBetween(
    t: { after: (end: () => void) => void },
    answer: (target: string, headers: Record<string, string>) => Promise<Between>,
  ): Promise<string> {
    const between = createServer((request, response) => {
      const headers = Object.fromEntries(
        ['authorization', 'range', 'if-match'].flatMap((name) => {
          const value = request.headers[name]
          return typeof value === 'string' ? [[name, value]] : []
        }),
      )
      void answer(request.url ?? '', headers).then(({ status, headers: answered, body, cutAt }) => {
        const type = answered.get('content-type') ?? ''
        const isJson = type.startsWith('application/json')
        const sent = isJson ? Buffer.from(body.toString().replaceAll(url(), own)) : body
        const range = answered.get('content-range')
        response.writeHead(status, {
          'content-type': type,
          'content-length': sent.length,
          ...(range !== null && { 'content-range': range }),
        })
        if (cutAt === null) return response.end(sent)
        return response.write(sent.subarray(0, cutAt), () => response.destroy())
      })
    })
    await new Promise<void>((resolve) => {
      between.listen(0, '127.0.0.1', resolve)
    })
    t.after(() => {
      between.closeAllConnections()
      between.close()
    })
    const address = between.address()
    assert.ok(address !== null && typeof address === 'object')
    const own = `http://127.0.0.1:${address.port}`
    return own
  }
})
