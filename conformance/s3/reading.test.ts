/** What a reader, its browser and the caches between may learn and do. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertRefused } from '../lib/assert-refused.ts'
import { presign } from '../lib/clients.ts'
import { putFile, putPrivateAndPublicFile } from '../lib/put-files.ts'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawAnswer } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

let server: RunningServer

before(async () => {
  server = await startServer()
  await putPrivateAndPublicFile(server)
})

after(async () => {
  await server.stop()
})

function read(
  url: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<RawAnswer> {
  return sendRaw(server.port, { method: 'GET', target: targetOf(url), headers })
}

function header(answer: RawAnswer, name: string): string | undefined {
  const values = answer.headers.get(name)
  assert.ok((values?.length ?? 0) <= 1, `${name} came more than once`)
  return values?.[0]
}

test('conditions tell strangers nothing, whether the key is there or not', async () => {
  const answers = new Set<string>()
  for (const target of ['/acme/a.txt', '/acme/missing', '/no-such-bucket/a']) {
    for (const [name, value] of [
      ['If-None-Match', '*'],
      ['If-Match', '*'],
      ['If-Modified-Since', 'Sun, 06 Nov 2044 08:49:37 GMT'],
      ['If-Unmodified-Since', 'Sun, 06 Nov 1994 08:49:37 GMT'],
      ['Range', 'bytes=0-0'],
    ] as const) {
      const answer = await assertRefused(
        server,
        {
          name: `${target} ${name}`,
          send: () => sendRaw(server.port, { method: 'GET', target, headers: [[name, value]] }),
        },
        { status: 403, code: 'AccessDenied' },
      )
      for (const leak of ['etag', 'last-modified', 'content-range', 'accept-ranges']) {
        assert.equal(answer.headers.get(leak), undefined)
      }
      answers.add(answer.body.toString().replaceAll(/<(Resource|RequestId)>[^<]*/g, ''))
    }
  }
  assert.equal(answers.size, 1)
})

test('nothing a stranger uploaded runs as a page of this origin', async () => {
  const html = '<script>document.title="ran"</script>'
  const names = [
    'evil.html',
    'evil.svg',
    'evil.xml',
    'evil.pdf',
    'evil.txt',
    'evil.png',
    'evil',
    'evil.js',
  ]
  const types = [
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'application/pdf',
    'image/png',
    'text/plain',
    '',
  ]
  let count = 0
  for (const name of names) {
    for (const type of types) {
      const sent = await fetch(presign(server, 'PUT', `acme/${name}`), {
        method: 'PUT',
        body: Buffer.from(html),
        headers: type === '' ? {} : { 'content-type': type },
      })
      assert.equal(sent.status, 200)
      const answer = await read(presign(server, 'GET', `acme/${name}`))
      assert.equal(header(answer, 'x-content-type-options'), 'nosniff')
      assert.equal(header(answer, 'content-security-policy'), "sandbox; default-src 'none'")
      assert.equal(header(answer, 'content-type'), type === '' ? 'binary/octet-stream' : type)
      const isShown = header(answer, 'content-disposition')?.startsWith('inline') === true
      assert.equal(
        isShown,
        ['application/pdf', 'image/png', 'text/plain'].includes(type),
        `${name} ${type}`,
      )
      count += 1
    }
  }
  assert.equal(count, 64)
})

test(
  'a signed answer stays with whom it was for, and only while the link lives',
  { skip: MOVES_CLOCK },
  async () => {
    const url = presign(server, 'GET', 'acme/a.txt', {
      expiresInSeconds: 100,
      query: { 'response-cache-control': 'public, max-age=31536000' },
    })
    const first = await read(url)
    assert.equal(header(first, 'set-cookie'), undefined)
    const maxAge = Number(
      /^private, max-age=(\d+)$/.exec(header(first, 'cache-control') ?? '')?.[1],
    )
    assert.ok(maxAge > 90 && maxAge <= 100)
    assert.equal(header(first, 'referrer-policy'), 'no-referrer')
    assert.equal(header(first, 'x-robots-tag'), 'noindex, nofollow, noarchive')
    server.advanceClock(90_000)
    const late = await read(url)
    assert.ok(Number(/max-age=(\d+)/.exec(header(late, 'cache-control') ?? '')?.[1]) <= 10)
    server.advanceClock(20_000)
    const over = await read(url)
    assert.equal(over.status, 403)
    assert.equal(header(over, 'cache-control'), 'private, no-store')
    server.advanceClock(-110_000)
  },
)

test('a public file may be kept for a minute, and nobody without a signature chooses its headers', async () => {
  const answer = await read(`${server.origin}/open/a.txt`)
  assert.equal(header(answer, 'cache-control'), 'public, max-age=60')
  for (const name of [
    'response-content-type',
    'response-content-disposition',
    'response-cache-control',
    'response-expires',
    'response-content-language',
    'response-content-encoding',
  ]) {
    const target = `/open/a.txt?${name}=text%2Fhtml`
    await assertRefused(
      server,
      { name, send: () => sendRaw(server.port, { method: 'GET', target }) },
      {
        status: 400,
        code: 'InvalidRequest',
      },
    )
  }
})

test('an override cannot split or end a header', async () => {
  for (const value of ['x\r\nSet-Cookie: a=b', 'x\nX-Evil: 1', 'x\0', 'x\r', 'x\u007F']) {
    for (const name of [
      'response-content-disposition',
      'response-content-type',
      'response-expires',
    ]) {
      const url = presign(server, 'GET', 'acme/a.txt', { query: { [name]: value } })
      const answer = await assertRefused(
        server,
        { name: `${name} ${JSON.stringify(value)}`, send: () => read(url) },
        { status: 400, code: 'InvalidArgument' },
      )
      assert.equal(answer.headers.get('set-cookie'), undefined)
      assert.equal(answer.headers.get('x-evil'), undefined)
    }
  }
})

test('a file name never breaks out of Content-Disposition', async () => {
  for (const key of [
    'quote".html',
    'semi;colon=x.html',
    "apostrophe'.html",
    'pdf\u202Efdp.exe',
    '😀.html',
    `${'n'.repeat(1000)}.html`,
    'back\\slash.html',
    '100%.html',
    'ünï.html',
    'a,b.html',
  ]) {
    await putFile(server, { bucket: 'acme', key }, 'x', { contentType: 'text/html' })
    const answer = await read(presign(server, 'GET', `acme/${key}`))
    const value = header(answer, 'content-disposition') ?? ''
    assert.match(
      value,
      /^attachment; filename="[^"\\]*"(; filename\*=UTF-8''[A-Za-z0-9!#$&+^_`|~.%-]+)?$/,
      key,
    )
    assert.doesNotMatch(
      decodeURIComponent(value.replace(/%(?![0-9A-F]{2})/g, '%25')),
      /[\u202A-\u202E]/,
    )
  }
})

test('what is stored is what can be sent back', async () => {
  const key = 'acme/headers'
  for (const [name, value] of [
    ['Content-Type', 'text/plain\u0001'],
    ['Content-Language', 'd\u0000e'],
    ['x-amz-meta-a', 'b\u007Fc'],
  ] as const) {
    const target = targetOf(presign(server, 'PUT', key, { headers: {} }))
    const send = (): Promise<RawAnswer> =>
      sendRaw(server.port, { method: 'PUT', target, headers: [[name, value]], body: 'x' })
    await assertRefused(server, { name, send }, { status: [400, 403] })
  }
  const hoisted = presign(server, 'PUT', key, { query: { 'x-amz-meta-a': 'snow\nman' } })
  await assertRefused(
    server,
    {
      name: 'hoisted',
      send: () => sendRaw(server.port, { method: 'PUT', target: targetOf(hoisted), body: 'x' }),
    },
    { status: 400, code: 'InvalidArgument' },
  )
})

test('names that the server keeps for itself cannot be written', async () => {
  for (const name of ['x-hallpass-verified', 'X-Hallpass-Scan', 'x-amz-meta-hallpass-type']) {
    const lower = name.toLowerCase()
    const url = presign(server, 'PUT', 'acme/reserved', { headers: { [lower]: 'yes' } })
    await assertRefused(
      server,
      {
        name,
        send: () =>
          sendRaw(server.port, {
            method: 'PUT',
            target: targetOf(url),
            headers: [[name, 'yes']],
            body: 'x',
          }),
      },
      { status: 400, code: 'InvalidArgument' },
    )
  }
})

test('ranges are one or none, and cost nothing', async () => {
  const url = presign(server, 'GET', 'acme/a.txt')
  const several = await read(url, [['Range', `bytes=${'0-0,'.repeat(2500)}1-1`]])
  assert.equal(several.status, 200)
  assert.equal(several.body.toString(), 'secret')
  assert.equal(header(several, 'content-type'), 'application/octet-stream')
  for (const range of ['bytes=6-', 'bytes=-0', `bytes=${'9'.repeat(400)}-`]) {
    const answer = await read(url, [['Range', range]])
    assert.equal(answer.status, 416, range)
    assert.equal(header(answer, 'content-range'), 'bytes */6')
  }
  for (const range of ['bytes=5-2', 'bytes=a-b', 'lines=0-1', 'bytes=']) {
    assert.equal((await read(url, [['Range', range]])).status, 200, range)
  }
  const overflow = await read(url, [['Range', 'bytes=4-18446744073709551616']])
  assert.equal(overflow.status, 206)
  assert.equal(overflow.body.toString(), 'et')
})
