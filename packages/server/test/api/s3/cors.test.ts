import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../../src/platform/log.ts'
import { put } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const APP = 'https://app.example.com'
const OTHER = 'https://other.example.com'
const LISTED = { corsOrigins: [APP, 'http://localhost:5173'] }
const ANY = { corsOrigins: '*' } as const

interface Ask {
  readonly path?: string
  readonly origin?: string
  readonly method?: string
  readonly headers?: string
}

function ask({ origin: server }: S3Server, question: Ask): Promise<Response> {
  const { path = '/acme/a.txt', origin = APP, method = 'PUT', headers } = question
  return fetch(`${server}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers !== undefined && { 'access-control-request-headers': headers }),
    },
  })
}

/** Every CORS header of an answer, and Vary. */
function sharing({ headers }: Response): string[] {
  return [...headers.keys()].filter((name) => name.startsWith('access-control-') || name === 'vary')
}

/** A core that fails as soon as anybody looks for keys or files. */
function breakStores({ core }: S3Server): void {
  const fail = (): never => assert.fail('a preflight touched the core')
  Object.assign(core.keyRing, { current: fail, recheck: fail, refresh: fail })
  Object.assign(core.catalog, {
    files: null,
    buckets: null,
    folders: null,
    grants: null,
    keys: null,
  })
}

test('a preflight of a listed origin is allowed without a signature and without a look at any store', async () => {
  await withS3(async (server) => {
    breakStores(server)
    for (const path of [
      '/acme/a.txt',
      '/acme',
      '/',
      '/no-such-bucket/x?X-Amz-Signature=0',
      '/a%00b',
    ]) {
      const answer = await ask(server, { path, headers: 'content-type,x-amz-meta-a' })
      assert.equal(answer.status, 204, path)
      assert.equal(await answer.text(), '')
      const { headers } = answer
      assert.equal(headers.get('access-control-allow-origin'), APP)
      assert.equal(headers.get('access-control-allow-methods'), 'GET, HEAD, PUT, POST, DELETE')
      assert.equal(headers.get('access-control-allow-headers'), 'content-type, x-amz-meta-a')
      assert.equal(headers.get('access-control-max-age'), '3000')
      assert.match(headers.get('vary') ?? '', /\bOrigin\b/)
      assert.equal(headers.get('access-control-allow-credentials'), null)
    }
  }, LISTED)
})

test('a preflight of an origin that is not listed, or is nearly one that is, gets 403 and no permission', async () => {
  await withS3(async (server) => {
    const near = [
      OTHER,
      'null',
      `${APP}/`,
      `${APP}.evil.test`,
      `${APP}:444`,
      APP.toUpperCase(),
      '*',
    ]
    for (const origin of near) {
      const answer = await ask(server, { origin })
      assert.equal(answer.status, 403, origin)
      assert.match(await answer.text(), /<Code>AccessForbidden<\/Code>/)
      assert.deepEqual(sharing(answer), ['vary'], origin)
    }
  }, LISTED)
})

test('http://localhost:* allows every port of this machine, and nothing that looks like it', async () => {
  await withS3(
    async (server) => {
      for (const origin of ['http://localhost:5173', 'http://localhost:1', 'http://localhost']) {
        const answer = await ask(server, { origin })
        assert.equal(answer.status, 204, origin)
        assert.equal(answer.headers.get('access-control-allow-origin'), origin)
        assert.match(answer.headers.get('vary') ?? '', /\bOrigin\b/)
      }
      const near = [
        'https://localhost:5173',
        'http://localhost:*',
        'http://localhost:123456',
        'http://localhost:51x',
        'http://localhost.evil.test:80',
        'http://evil.test:80',
        'http://127.0.0.1:5173',
        'http://localhost:',
      ]
      for (const origin of near) assert.equal((await ask(server, { origin })).status, 403, origin)
    },
    { corsOrigins: ['http://localhost:*'] },
  )
})

test('a preflight refused for its origin is logged once an origin, with the name of the setting', async () => {
  for (const options of [LISTED, {}]) {
    const lines: string[] = []
    const log = createLog('info', { write: (line) => lines.push(line) })
    await withS3(
      async (server) => {
        await ask(server, { origin: OTHER })
        await ask(server, { origin: OTHER, path: '/acme/b.txt' })
        await ask(server, { origin: 'null' })
        await ask(server, { origin: 'https://x.test/?X-Amz-Signature=abc' })
        await fetch(`${server.origin}/acme/a`, { method: 'OPTIONS', headers: { origin: APP } })
      },
      { ...options, core: { log } },
    )
    const warnings = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => String(msg).startsWith('preflight refused'))
    assert.deepEqual(
      warnings.map(({ origin }) => origin),
      [OTHER, 'null', 'not an origin'],
    )
    for (const { setting, msg } of warnings) {
      assert.equal(setting, 'HALLPASS_CORS_ORIGINS')
      assert.match(String(msg), /HALLPASS_CORS_ORIGINS/)
    }
  }
})

test('however many origins are invented, a hundred lines say so', async () => {
  const lines: string[] = []
  const log = createLog('warn', { write: (line) => lines.push(line) })
  await withS3(
    async (server) => {
      for (let count = 0; count < 110; count += 1) {
        await ask(server, { origin: `https://a${count}.test` })
      }
    },
    { ...LISTED, core: { log } },
  )
  assert.equal(lines.filter((line) => line.includes('preflight refused')).length, 100)
})

test('OPTIONS that is no preflight is told what it lacks', async () => {
  await withS3(async ({ origin }) => {
    const noMethod = await fetch(`${origin}/acme/a`, {
      method: 'OPTIONS',
      headers: { origin: APP },
    })
    assert.equal(noMethod.status, 400)
    assert.match(await noMethod.text(), /Invalid Access-Control-Request-Method/)
    const headers = { 'access-control-request-method': 'PUT' }
    const noOrigin = await fetch(`${origin}/acme/a`, { method: 'OPTIONS', headers })
    assert.equal(noOrigin.status, 400)
    assert.match(await noOrigin.text(), /<Code>BadRequest<\/Code>.*Origin request header needed/s)
  }, LISTED)
})

test('only header names that are tokens are allowed, and a flood of them is not', async () => {
  await withS3(async (server) => {
    const mixed = await ask(server, { headers: 'content-type, ,x y,"a",x-ok;,é,x-amz-meta-b' })
    const allowed = mixed.headers.get('access-control-allow-headers')
    assert.equal(allowed, 'content-type, x-amz-meta-b')
    const flood = await ask(server, { headers: `content-type,${'x'.repeat(4096)}` })
    assert.equal(flood.status, 204)
    assert.equal(flood.headers.get('access-control-allow-headers'), null)
    const none = await ask(server, {})
    assert.equal(none.headers.get('access-control-allow-headers'), null)
  }, LISTED)
})

test('with the asterisk every origin is allowed, by the asterisk', async () => {
  await withS3(async (server) => {
    for (const origin of [APP, OTHER, 'null']) {
      const answer = await ask(server, { origin })
      assert.equal(answer.status, 204)
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.equal(answer.headers.get('access-control-allow-credentials'), null)
    }
  }, ANY)
})

test('answers to a listed origin can be read, with names for what scripts look for', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'hello')
    const headers = { origin: APP }
    const written = await fetch(presign('PUT', 'acme/b.txt'), { method: 'PUT', headers, body: 'b' })
    const get = await fetch(presign('GET', 'acme/a.txt'), { headers })
    const part = await fetch(presign('GET', 'acme/a.txt'), {
      headers: { ...headers, range: 'bytes=1-2' },
    })
    const head = await fetch(presign('HEAD', 'acme/a.txt'), { method: 'HEAD', headers })
    const removed = await fetch(presign('DELETE', 'acme/b.txt'), { method: 'DELETE', headers })
    const expected: readonly (readonly [Response, number])[] = [
      [written, 200],
      [get, 200],
      [part, 206],
      [head, 200],
      [removed, 204],
    ]
    for (const [answer, status] of expected) {
      assert.equal(answer.status, status)
      assert.equal(answer.headers.get('access-control-allow-origin'), APP)
      assert.equal(answer.headers.get('vary'), 'Origin')
      const exposed = (answer.headers.get('access-control-expose-headers') ?? '').split(', ')
      const wanted = ['ETag', 'Location', 'Content-Range', 'Accept-Ranges', 'Content-Disposition']
      wanted.push('x-amz-request-id', 'x-amz-error-code', 'x-amz-checksum-sha256')
      for (const name of wanted) assert.ok(exposed.includes(name), name)
      assert.equal(answer.headers.get('x-amz-error-code'), null)
      assert.equal(answer.headers.get('access-control-allow-credentials'), null)
    }
  }, LISTED)
})

interface Refusal {
  readonly status: number
  readonly code: string
  readonly send: (server: S3Server) => Promise<Response>
}

const headers = { origin: APP }
const refusals: readonly Refusal[] = [
  {
    status: 400,
    code: 'InvalidURI',
    send: ({ origin }) => fetch(`${origin}/acme/a%00b`, { headers }),
  },
  {
    status: 403,
    code: 'AccessDenied',
    send: ({ origin }) => fetch(`${origin}/acme/a.txt`, { headers }),
  },
  {
    status: 403,
    code: 'SignatureDoesNotMatch',
    send: ({ presign }) =>
      fetch(presign('GET', 'acme/b.txt').replace('b.txt', 'a.txt'), { headers }),
  },
  {
    status: 403,
    code: 'AccessDenied',
    send: ({ core, presign }) => {
      const now = new Date(core.clock.now() - 3_600_000)
      return fetch(presign('GET', 'acme/a.txt', { now }), { headers })
    },
  },
  {
    status: 404,
    code: 'NoSuchKey',
    send: ({ presign }) => fetch(presign('GET', 'acme/none'), { headers }),
  },
  {
    status: 404,
    code: 'NoSuchKey',
    send: ({ presign }) => fetch(presign('HEAD', 'acme/none'), { method: 'HEAD', headers }),
  },
  {
    status: 412,
    code: 'PreconditionFailed',
    send: ({ presign }) =>
      fetch(presign('GET', 'acme/a.txt'), { headers: { ...headers, 'if-match': '"x"' } }),
  },
  {
    status: 416,
    code: 'InvalidRange',
    send: ({ presign }) =>
      fetch(presign('GET', 'acme/a.txt'), { headers: { ...headers, range: 'bytes=99-' } }),
  },
  {
    status: 501,
    code: 'NotImplemented',
    send: ({ presign }) =>
      fetch(presign('GET', 'acme/a.txt', { query: { torrent: '' } }), { headers }),
  },
  {
    status: 500,
    code: 'InternalError',
    send: ({ core, presign }) => {
      Object.assign(core.files, { find: null })
      return fetch(presign('GET', 'acme/a.txt'), { headers })
    },
  },
]

test('refusals of every kind can be read too, and carry their code also where there is no body', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a.txt', 'hello')
    for (const { status, code, send } of refusals) {
      const answer = await send(server)
      assert.equal(answer.status, status, await answer.text())
      assert.equal(answer.headers.get('access-control-allow-origin'), APP, code)
      assert.equal(answer.headers.get('x-amz-error-code'), code)
      assert.equal(answer.headers.get('vary'), 'Origin')
    }
  }, LISTED)
})

test('with a list, answers without an origin or to another one only say that they vary', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'hello')
    for (const path of ['acme/a.txt', 'acme/none']) {
      for (const headers of [{}, { origin: OTHER }]) {
        const answer = await fetch(presign('GET', path), { headers })
        assert.deepEqual(sharing(answer), ['vary'])
        assert.equal(answer.headers.get('vary'), 'Origin')
        assert.equal(answer.headers.get('x-amz-error-code'), null)
      }
    }
  }, LISTED)
})

test('with the asterisk an answer is the same whoever asks, so that a cache can keep one', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'hello')
    for (const headers of [{}, { origin: OTHER }]) {
      const answer = await fetch(presign('GET', 'acme/a.txt'), { headers })
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.equal(answer.headers.get('vary'), null)
    }
  }, ANY)
})

test('without the setting no answer has any of it', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a.txt', 'hello')
    const { presign } = server
    for (const path of ['acme/a.txt', 'acme/none']) {
      const answer = await fetch(presign('GET', path), { headers: { origin: APP } })
      assert.deepEqual(sharing(answer), [])
      assert.equal(answer.headers.get('x-amz-error-code'), null)
    }
    const preflight = await ask(server, {})
    assert.equal(preflight.status, 403)
    assert.deepEqual(sharing(preflight), [])
  })
})

test('the REST API has no CORS, whatever the setting is', async () => {
  await withS3(async (server) => {
    assert.deepEqual(sharing(await ask(server, { path: '/v1/files' })), [])
    const headers = { origin: APP }
    assert.deepEqual(sharing(await fetch(`${server.origin}/v1/files`, { headers })), [])
  }, ANY)
})
