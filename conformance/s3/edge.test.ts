/** The HTTP edge: slow, vanishing, smuggling and flooding clients, foreign hosts, secrets in answers and logs. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { OWN_LIMITS } from '../lib/many-nodes.ts'
import { waitUntil } from '../lib/patience.ts'
import { assertRefused, takeSnapshot } from '../lib/assert-refused.ts'
import { presign } from '../lib/clients.ts'
import { signHeaders, signQuery } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { exchangeBytes, formatRequest, parseAnswer, sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawAnswer } from '../lib/raw-http.ts'
import { startServer, withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

let server: RunningServer

before(async () => {
  server = await startServer({ isSpreadByConnection: true })
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'secret')
})

after(async () => {
  await server.stop()
})

function putHead(target: string, length: number, extra = ''): string {
  return `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: ${length}\r\n${extra}\r\n`
}

/** Sends the start of a request and hangs up as soon as it has left. */
async function hangUp(bytes: Uint8Array, port = server.port): Promise<void> {
  const gone = Promise.withResolvers<void>()
  const socket: Socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.on('close', () => gone.resolve())
  socket.write(bytes, () => socket.destroy())
  await gone.promise
}

test('a client that vanishes mid-body leaves the old file and not one byte behind', async () => {
  await putFile(server, { bucket: 'acme', key: 'kept' }, 'old')
  const before = await takeSnapshot(server)
  for (const size of [10, 300_000, 3_000_000]) {
    const body = Buffer.alloc(size, 'n')
    for (const sent of [0, 1, size >> 1, size - 1]) {
      const target = targetOf(presign(server, 'PUT', 'acme/kept'))
      await hangUp(Buffer.concat([Buffer.from(putHead(target, size)), body.subarray(0, sent)]))
    }
    await waitUntil(async () => {
      const after = await takeSnapshot(server)
      return JSON.stringify(after) === JSON.stringify(before)
    }, `${size} bytes: something was written`)
  }
  const read = await fetch(presign(server, 'GET', 'acme/kept'))
  assert.equal(await read.text(), 'old')
})

test(
  'headers and bodies that do not come get 408 and leave nothing',
  { skip: OWN_LIMITS },
  async () => {
    await withServer(
      async (slow) => {
        await makeBucket(slow, 'acme')
        const head = await exchangeBytes(
          slow.port,
          Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '),
        )
        assert.equal(parseAnswer(head).status, 408)
        const before = await takeSnapshot(slow)
        for (const size of [100, 400_000]) {
          const target = targetOf(presign(slow, 'PUT', 'acme/slow'))
          const start = Buffer.from(
            `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${slow.port}\r\nContent-Length: ${size * 2}\r\n\r\n${'x'.repeat(size)}`,
          )
          const answer = parseAnswer(await exchangeBytes(slow.port, start))
          assert.equal(answer.status, 408)
          assert.match(answer.body.toString(), /<Code>RequestTimeout<\/Code>/)
        }
        await waitUntil(
          async () => JSON.stringify(await takeSnapshot(slow)) === JSON.stringify(before),
          'something was written',
        )
      },
      { limits: { headersTimeoutMs: 100, slowBodyWindowMs: 200, checkIntervalMs: 20 } },
    )
  },
)

test('a slow but steady upload passes', { skip: OWN_LIMITS }, async () => {
  await withServer(
    async (slow) => {
      await makeBucket(slow, 'acme')
      const target = targetOf(presign(slow, 'PUT', 'acme/steady'))
      const done = Promise.withResolvers<string>()
      const socket = connect({ port: slow.port, host: '127.0.0.1' })
      let seen = ''
      socket.on('data', (chunk) => {
        seen += chunk.toString()
        if (seen.includes('\r\n\r\n')) done.resolve(seen)
      })
      socket.on('close', () => done.resolve(seen))
      socket.write(
        `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${slow.port}\r\nContent-Length: 4000\r\n\r\n`,
      )
      // Longer than two windows, far slower than anything else here, and far above the pace even if every timer is late.
      for (let sent = 0; sent < 4000; sent += 100) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        socket.write('x'.repeat(100))
      }
      assert.match(await done.promise, /^HTTP\/1\.1 200 /)
      socket.destroy()
    },
    { limits: { slowBodyWindowMs: 1800, minBodyBytesPerSecond: 55, checkIntervalMs: 10 } },
  )
})

test('no byte of a body is asked for before its sender is admitted', async () => {
  const expect = 'Expect: 100-continue\r\nConnection: close\r\n'
  const reader = await server.createKey({ name: 'reader', actions: ['read'] })
  const cases: readonly (readonly [string, string, number, number])[] = [
    [
      'bad signature',
      signQuery(server, { method: 'PUT', path: '/acme/x', secret: 'wrong' }),
      5,
      403,
    ],
    ['no signature', '/acme/x', 5, 403],
    ['no right', targetOf(presign(server, 'PUT', 'acme/x', { credentials: reader })), 5, 403],
    ['no bucket', targetOf(presign(server, 'PUT', 'missing-bucket/x')), 5, 404],
    ['too large', targetOf(presign(server, 'PUT', 'acme/x')), 6 * 1024 ** 3, 400],
    [
      'run out',
      targetOf(
        presign(server, 'PUT', 'acme/x', { now: new Date(server.core.clock.now() - 400_000) }),
      ),
      5,
      403,
    ],
  ]
  for (const [name, target, length, status] of cases) {
    const send = async (): Promise<RawAnswer> => {
      const bytes = await exchangeBytes(server.port, Buffer.from(putHead(target, length, expect)))
      assert.doesNotMatch(bytes.toString('latin1'), /100 Continue/, name)
      return parseAnswer(bytes)
    }
    await assertRefused(server, { name, send }, { status })
  }
})

test('a header block or metadata beyond its limit is refused', async () => {
  const large = await sendRaw(server.port, {
    method: 'GET',
    target: '/acme/a.txt',
    headers: [['X-Large', 'a'.repeat(17_000)]],
  })
  assert.ok([400, 431].includes(large.status))
  const value = 'm'.repeat(2100)
  const headers = [['x-amz-meta-a', value]] as const
  const signed = signHeaders(server, { method: 'PUT', path: '/acme/meta', headers })
  await assertRefused(
    server,
    {
      name: 'metadata',
      send: () =>
        sendRaw(server.port, {
          method: 'PUT',
          target: signed.target,
          headers: signed.headers,
          body: 'x',
        }),
    },
    { status: 400, code: 'MetadataTooLarge' },
  )
})

test('a body is kept as it came: nothing is unpacked', async () => {
  const { gzipSync } = await import('node:zlib')
  const bomb = gzipSync(Buffer.alloc(10_000_000))
  const url = presign(server, 'PUT', 'acme/bomb.gz')
  const sent = await fetch(url, {
    method: 'PUT',
    body: bomb,
    headers: { 'content-encoding': 'gzip' },
  })
  assert.equal(sent.status, 200)
  const read = await sendRaw(server.port, {
    method: 'GET',
    target: targetOf(presign(server, 'GET', 'acme/bomb.gz')),
  })
  assert.deepEqual(read.headers.get('content-encoding'), ['gzip'])
  assert.ok(read.body.equals(bomb))
})

test('a request two parsers could read differently is refused, and nothing after it is answered', async () => {
  const target = targetOf(presign(server, 'PUT', 'acme/smuggled'))
  const tail = 'GET /acme/a.txt HTTP/1.1\r\nHost: a\r\n\r\n'
  const cases: Readonly<Record<string, string>> = {
    'both lengths': `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'two lengths': 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
    'a signed length': 'Content-Length: +5\r\n\r\nhello',
    'a hex length': 'Content-Length: 0x5\r\n\r\nhello',
    'a space before the colon': 'Content-Length : 5\r\n\r\nhello',
    'a folded header': 'X-A: b\r\n c\r\nContent-Length: 5\r\n\r\nhello',
    'a bare line feed': 'X-A: b\nContent-Length: 5\r\n\r\nhello',
    'a NUL': 'X-A: b\0c\r\nContent-Length: 5\r\n\r\nhello',
    'an obscured coding': 'Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'chunked, but not last': 'Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'a bad chunk size': 'Transfer-Encoding: chunked\r\n\r\n5x\r\nhello\r\n0\r\n\r\n',
  }
  const before = await takeSnapshot(server)
  for (const [name, rest] of Object.entries(cases)) {
    const head = `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`
    const text = (await exchangeBytes(server.port, Buffer.from(head + rest + tail))).toString(
      'latin1',
    )
    assert.match(text, /^HTTP\/1\.1 4\d\d /, name)
    assert.doesNotMatch(text, /HTTP\/1\.1 200/, name)
  }
  assert.deepEqual(await takeSnapshot(server), before)
})

test('the Host decides nothing but the signature, and no header can speak for it', async () => {
  const target = targetOf(presign(server, 'GET', 'acme/a.txt'))
  const foreign = [['Host', 'evil.test']] as const
  await assertRefused(
    server,
    {
      name: 'foreign host',
      send: () => sendRaw(server.port, { method: 'GET', target, headers: foreign }),
    },
    { status: 421, code: 'MisdirectedRequest' },
  )
  const another = [['Host', `localhost:${server.port}`]] as const
  await assertRefused(
    server,
    {
      name: 'another host of the server',
      send: () => sendRaw(server.port, { method: 'GET', target, headers: another }),
    },
    { status: 403, code: 'SignatureDoesNotMatch' },
  )
  for (const name of [
    'X-Forwarded-Host',
    'Forwarded',
    'X-Host',
    'X-Original-URL',
    'X-Rewrite-URL',
  ]) {
    const headers = [[name, name === 'Forwarded' ? 'host=evil.test' : '/other/x']] as const
    const answer = await sendRaw(server.port, { method: 'GET', target, headers })
    assert.equal(answer.status, 200, name)
    assert.equal(answer.body.toString(), 'secret')
  }
  const own = `127.0.0.1:${server.port}`
  for (const [first, second] of [
    ['evil.test', own],
    [own, 'evil.test'],
    [own, own],
  ] as const) {
    const twice = [
      ['Host', first],
      ['Host', second],
    ] as const
    for (const path of [target, '/-/docs', '/-/healthz']) {
      const answer = await sendRaw(server.port, { method: 'GET', target: path, headers: twice })
      assert.equal(answer.status, 400, `${first} ${second} ${path}`)
    }
  }
  for (const strange of ['http://127.0.0.1/acme/a.txt', '*', 'acme/a.txt', '/acme/a.txt#x']) {
    const odd = await sendRaw(server.port, { method: 'GET', target: strange })
    assert.ok(odd.status >= 400 && odd.status < 500, `${strange}: ${odd.status}`)
  }
})

test('a spoofed address does not open a link that is bound to one', async () => {
  const url = presign(server, 'GET', 'acme/a.txt', {
    query: { 'X-Hallpass-Ip': '198.51.100.7/32' },
  })
  const target = targetOf(url)
  for (const headers of [
    [],
    [['X-Forwarded-For', '198.51.100.7']],
    [['X-Real-IP', '198.51.100.7']],
    [['Forwarded', 'for=198.51.100.7']],
  ] as const) {
    await assertRefused(
      server,
      {
        name: JSON.stringify(headers),
        send: () => sendRaw(server.port, { method: 'GET', target, headers }),
      },
      { status: 403, code: 'AccessDenied' },
    )
  }
  const here = presign(server, 'GET', 'acme/a.txt', { query: { 'X-Hallpass-Ip': '127.0.0.0/8' } })
  assert.equal((await fetch(here)).status, 200)
})

test('requests on one connection never see each other\u2019s callers or answers', async () => {
  const tenants = ['red', 'green', 'blue']
  const urls = new Map<string, string>()
  for (const tenant of tenants) {
    const bucket = `tenant-${tenant}`
    await makeBucket(server, bucket)
    await putFile(server, { bucket, key: 'own' }, tenant)
    const credentials = await server.createKey({
      name: tenant,
      actions: ['read'],
      pathPrefix: `${bucket}/`,
    })
    for (const other of tenants) {
      urls.set(`${tenant} ${other}`, presign(server, 'GET', `tenant-${other}/own`, { credentials }))
    }
  }
  const order: (readonly [string, string])[] = []
  for (let round = 0; round < 1000; round += 1) {
    order.push([tenants[(round * 7) % 3] ?? '', tenants[(round * 5 + (round >> 3)) % 3] ?? ''])
  }
  const requests = order.map(([tenant, other], index) => {
    const target = targetOf(urls.get(`${tenant} ${other}`) ?? '')
    return index === order.length - 1
      ? formatRequest(server.port, { method: 'GET', target })
      : Buffer.from(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)
  })
  const text = (await exchangeBytes(server.port, Buffer.concat(requests))).toString('latin1')
  const answers = text.split(/(?=HTTP\/1\.1 \d)/)
  assert.equal(answers.length, order.length)
  for (const [index, [tenant, other]] of order.entries()) {
    const answer = answers[index] ?? ''
    const isOwn = tenant === other
    assert.match(answer, isOwn ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 403 /, `${index}`)
    if (isOwn) assert.ok(answer.endsWith(`\r\n\r\n${tenant}`), `${index}: ${answer}`)
  }
})

test('no secret and no working signature is in any log line, error or metric', async () => {
  const url = presign(server, 'GET', 'acme/a.txt')
  const target = targetOf(url)
  const signature = target.slice(target.indexOf('X-Amz-Signature=') + 16)
  const signed = signHeaders(server, { method: 'PUT', path: '/acme/logged' })
  await fetch(url)
  await fetch(url, { method: 'HEAD' })
  for (const change of ['&a=b', '%00', '/../x'])
    await sendRaw(server.port, { method: 'GET', target: target + change })
  await sendRaw(server.port, { method: 'GET', target: target.replace('/acme', '//acme') })
  await sendRaw(server.port, {
    method: 'GET',
    target,
    headers: [
      ['Accept', 'text/html'],
      ['Range', 'bytes=99-'],
    ],
  })
  await sendRaw(server.port, {
    method: 'PUT',
    target: signed.target,
    headers: signed.headers,
    body: 'x',
  })
  await sendRaw(server.port, { method: 'GET', target: signed.target, headers: signed.headers })
  await fetch(`${server.origin}/v1/files?folder=${encodeURIComponent(target)}`, {
    headers: { authorization: server.adminKey },
  })
  const metrics = await fetch(`${server.origin}/-/metrics`, {
    headers: { authorization: server.adminKey },
  })
  const sinks = { log: server.logText(), metrics: await metrics.text() }
  assert.match(sinks.log, /"key":"a\.txt","status":200/)
  assert.match(
    sinks.metrics,
    /hallpass_requests_total\{plane="s3",operation="GetObject",status="200"\}/,
  )
  for (const [sink, text] of Object.entries(sinks)) {
    for (const secret of [
      signature,
      signed.signature,
      server.adminKey,
      server.credentials.secretAccessKey,
    ]) {
      assert.ok(!text.includes(secret), `${sink} holds a secret`)
      assert.ok(
        !text.toLowerCase().includes(encodeURIComponent(secret).toLowerCase()),
        `${sink}, encoded`,
      )
    }
    assert.doesNotMatch(text, /X-Amz-Signature/i, sink)
  }
})

// The last of them: what was sent to its end may be stored a moment after this test, where others compare what is stored before and behind a refusal.
test('a client that vanishes after the last byte leaves the old file or the new one, whole', async () => {
  const contents = ['old', 'n'.repeat(500_000)]
  for (let round = 0; round < 10; round += 1) {
    const target = targetOf(presign(server, 'PUT', 'acme/either'))
    const body = contents[round % 2] ?? ''
    await hangUp(Buffer.from(putHead(target, body.length) + body))
    const read = await fetch(presign(server, 'GET', 'acme/either'))
    const text = await read.text()
    assert.ok(read.status === 404 || contents.includes(text), `torn: ${text.length} bytes`)
  }
})
