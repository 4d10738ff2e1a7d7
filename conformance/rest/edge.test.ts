/** The REST face under bad clients: answered early, nothing left behind, and the next one served. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { OWN_LIMITS } from '../lib/many-nodes.ts'
import { waitUntil } from '../lib/patience.ts'
import { assertRefused, takeSnapshot } from '../lib/assert-refused.ts'
import { exchangeBytes, formatRequest, parseAnswer, sendRaw } from '../lib/raw-http.ts'
import { withServer, withServerByConnection } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, upload } from './call.ts'

const PUT = '/v1/files?path=acme/x.txt'

test('refusals write nothing, come at once, and leave the server well', async () => {
  await withServerByConnection(async (server) => {
    await upload(server, 'acme/kept.txt', 'kept')
    const key: [string, string] = ['Authorization', server.adminKey]
    const json: [string, string] = ['Content-Type', 'application/json']
    const form: [string, string] = ['Content-Type', 'multipart/form-data; boundary=B']
    const part =
      '--B\r\nContent-Disposition: form-data; name="folder"\r\n\r\nacme\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nbytes'
    const refused: [
      name: string,
      parts: Parameters<typeof sendRaw>[1],
      status: number,
      code: string,
    ][] = [
      ['no key', { method: 'PUT', target: PUT, body: 'x' }, 401, 'unauthenticated'],
      [
        'a wrong key',
        { method: 'PUT', target: PUT, headers: [['Authorization', 'hp_x']], body: 'x' },
        401,
        'api-key-invalid',
      ],
      [
        'a dot segment',
        { method: 'PUT', target: '/v1/files?path=acme/../x', headers: [key], body: 'x' },
        400,
        'path-invalid',
      ],
      [
        'a control byte',
        { method: 'PUT', target: '/v1/files?path=acme/a%0d%0aX:1', headers: [key], body: 'x' },
        400,
        'path-invalid',
      ],
      [
        'a bucket in capitals',
        { method: 'PUT', target: '/v1/files?path=ACME/x', headers: [key], body: 'x' },
        400,
        'bucket-name-invalid',
      ],
      [
        'a form without its end',
        { method: 'POST', target: '/v1/files', headers: [key, form], body: part },
        400,
        'body-malformed',
      ],
      [
        'a form with a second file',
        {
          method: 'POST',
          target: '/v1/files',
          headers: [key, form],
          body: `${part}\r\n${part.slice(part.indexOf('--B', 3))}\r\n--B--\r\n`,
        },
        400,
        'field-invalid',
      ],
      [
        'nested JSON',
        { method: 'POST', target: '/v1/links', headers: [key, json], body: '['.repeat(5000) },
        400,
        'body-malformed',
      ],
      [
        'a prototype',
        {
          method: 'POST',
          target: '/v1/links',
          headers: [key, json],
          body: '{"__proto__":{"path":"acme/kept.txt"}}',
        },
        400,
        'field-invalid',
      ],
      [
        'large JSON',
        {
          method: 'POST',
          target: '/v1/links',
          headers: [key, json],
          body: `{"path":"${'x'.repeat(300_000)}"}`,
        },
        413,
        'body-too-large',
      ],
      [
        'an unknown route',
        { method: 'GET', target: '/v1/secrets', headers: [key] },
        404,
        'route-not-found',
      ],
      [
        'an encoded slash',
        { method: 'GET', target: '/v1%2ffiles?folder=acme', headers: [key] },
        400,
        '',
      ],
      [
        'a broken escape',
        { method: 'GET', target: '/v1/files/%zz', headers: [key] },
        400,
        'path-invalid',
      ],
    ]
    for (const [name, parts, status, code] of refused) {
      const send = (): ReturnType<typeof sendRaw> => sendRaw(server.port, parts)
      await assertRefused(server, { name, send }, code === '' ? { status } : { status, code })
    }
  })
})

test('a refused caller who waits for 100 Continue is answered without it; an admitted one gets it', async () => {
  await withServerByConnection(async (server) => {
    const ask = async (key: string): Promise<string> => {
      const socket = connect(server.port, '127.0.0.1')
      let text = ''
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk
        if (text.startsWith('HTTP/1.1 100')) socket.write('hello')
        if (/HTTP\/1\.1 [2-5]/.test(text)) socket.end()
      })
      socket.write(
        `PUT ${PUT} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${key}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
      )
      await new Promise((resolve) => socket.on('close', resolve))
      return text
    }
    assert.match(await ask('hp_wrong'), /^HTTP\/1\.1 401 /)
    assert.match(await ask(server.adminKey), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /)
  })
})

test('an upload that breaks off leaves no file and no bytes, at whatever byte', async () => {
  await withServerByConnection(async (server) => {
    await upload(server, 'acme/kept.txt', 'kept')
    const before = await takeSnapshot(server)
    const size = 100_000
    for (const [index, sent] of [0, 1, 50_000, size - 1].entries()) {
      const broken = request(`${server.origin}${PUT}`, {
        method: 'PUT',
        headers: { authorization: server.adminKey, 'content-length': size },
      })
      broken.on('error', () => undefined)
      broken.flushHeaders()
      if (sent > 0) await new Promise((resolve) => broken.write(Buffer.alloc(sent), resolve))
      // What was sent has arrived once a later request has been answered.
      await call(server, 'GET', '/-/healthz')
      broken.destroy()
      await waitUntil(() => server.logText().split('"aborted":true').length === index + 2)
      await waitUntil(async () => (await takeSnapshot(server)).blobs.length === before.blobs.length)
      assert.deepEqual(await takeSnapshot(server), before, `${sent} bytes`)
    }
    assert.equal((await call(server, 'PUT', PUT, { body: 'x' })).status, 201)
  })
})

test('a JSON body that trickles in is given up', { skip: OWN_LIMITS }, async () => {
  const limits = { checkIntervalMs: 20, slowBodyWindowMs: 200 }
  await withServer(
    async (server) => {
      const bytes = formatRequest(server.port, {
        method: 'POST',
        target: '/v1/links',
        headers: [
          ['Authorization', server.adminKey],
          ['Content-Type', 'application/json'],
          ['Content-Length', '100'],
        ],
        body: '{"path"',
      })
      const answer = parseAnswer(await exchangeBytes(server.port, bytes))
      assert.equal(answer.status, 408)
      assert.match(answer.text, /body-too-slow/)
    },
    { limits },
  )
})

test('1,000 interleaved requests of three callers on kept connections never mix', async () => {
  await withServerByConnection(async (server) => {
    const callers = await Promise.all(
      ['one', 'two', 'three'].map((name) => makeCaller(server, name)),
    )
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const { name, key } = callers[index % 3] ?? { name: '', key: '' }
        const { json } = await call(server, 'GET', `/v1/files?folder=${name}-bucket`, { key })
        const files = json['files'] as { path: string }[] | undefined
        return files?.map(({ path }) => path).join() === `${name}-bucket/${name}.txt`
      }),
    )
    assert.equal(answers.filter(Boolean).length, 1000)
    const [one, two] = callers
    const foreign = await call(server, 'GET', `/v1/files?folder=${one?.name}-bucket`, {
      key: two?.key ?? '',
    })
    assert.equal(foreign.status, 403)
  })
})

async function makeCaller(
  server: RunningServer,
  name: string,
): Promise<{ name: string; key: string }> {
  await upload(server, `${name}-bucket/${name}.txt`, name)
  const { json } = await call(server, 'POST', '/v1/api-keys', {
    json: { name, actions: ['read', 'list'], pathPrefix: `${name}-bucket/` },
  })
  return { name, key: String(json['key']) }
}

test('links carry the configured address, whatever Host says, and a foreign Host opens nothing', async () => {
  await withServerByConnection(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const headers: [string, string][] = [
      ['Host', `localhost:${server.port}`],
      ['Authorization', server.adminKey],
      ['X-Forwarded-Host', 'evil.test'],
    ]
    const listed = await sendRaw(server.port, {
      method: 'GET',
      target: '/v1/files?folder=acme',
      headers,
    })
    assert.equal(listed.status, 200)
    assert.ok(listed.text.includes(`"signedUrl":"${server.origin}/acme/a.txt?`))
    assert.doesNotMatch(listed.text, /evil\.test|localhost/)
    const { url } = await issue(server, { path: 'acme/a.txt' })
    const target = url.slice(server.origin.length)
    const foreign = await sendRaw(server.port, {
      method: 'GET',
      target,
      headers: [['Host', 'evil.test']],
    })
    assert.equal(foreign.status, 421)
  })
})

test('no secret, signature or link reaches the log', async () => {
  await withServerByConnection(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const { url } = await issue(server, { path: 'acme/a.txt' })
    const made = await call(server, 'POST', '/v1/access-keys', {
      json: { name: 'n', actions: ['read'] },
    })
    await fetch(url)
    await fetch(`${url}0`)
    await call(server, 'GET', `/v1/files?folder=acme&X-Amz-Signature=c4n4ry`)
    const log = server.logText()
    assert.match(log, /"operation":"createLink"/)
    const signature = new URL(url).searchParams.get('X-Amz-Signature') ?? ''
    for (const secret of [
      server.adminKey,
      signature,
      String(made.json['secretAccessKey']),
      'c4n4ry',
      'X-Amz-',
    ]) {
      assert.ok(secret.length > 4 && !log.includes(secret), 'a secret is in the log')
    }
  })
})
