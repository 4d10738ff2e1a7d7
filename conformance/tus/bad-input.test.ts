/** What clients of tus must not be able to do, each named after what it is. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue } from '../rest/call.ts'
import { share } from '../share/visit.ts'
import { BYTES, begin, describe, speak, textOf, withKey } from './speak-tus.ts'
import type { Fields } from './speak-tus.ts'

function withAcme(use: (server: RunningServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    await makeBucket(server, 'acme')
    await use(server)
  })
}

async function refusedFor(server: RunningServer, headers: Fields, query = ''): Promise<string> {
  const key = withKey(server)
  const { code } = await speak('POST', `${server.origin}/-/tus${query}`, {
    headers: { ...key, ...headers },
  })
  return code
}

async function openUploads({ core }: RunningServer): Promise<number> {
  const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', afterUploadId: '' }
  return (await core.files.uploads.list({ ...query, limit: 1000 })).entries.length
}

test('Upload-Length lies: more bytes than were announced are refused before they are read, and fewer make no file', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, { 'Upload-Length': '5' }, { endpoint: '/-/tus?path=acme/a' })
    assert.equal((await upload.append(0, 'too many')).code, 'upload-claim-wrong')
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('too many'))
        controller.close()
      },
    })
    assert.equal((await upload.append(0, stream)).code, 'file-too-large')
    assert.equal(await upload.offset(), 0)
    assert.equal((await upload.append(0, 'few')).status, 204)
    assert.equal(await textOf(server, 'a'), '')
  })
})

test('an offset beyond the length, before it, or none at all stores nothing', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, { 'Upload-Length': '5' }, { endpoint: '/-/tus?path=acme/a' })
    for (const offset of [1, 5, 6, 9_007_199_254_740_991]) {
      const { status, code } = await upload.append(offset, 'x')
      assert.deepEqual([status, code], [409, 'upload-offset-wrong'])
    }
    for (const offset of ['-1', '1e3', '0x0', ' ', '00', '99999999999999999999']) {
      const { status } = await upload.append(0, 'x', { 'Upload-Offset': offset })
      assert.equal(status, 400, offset)
    }
    assert.equal(await upload.offset(), 0)
  })
})

test('lengths that are none, two of them, or one and its absence are refused', async () => {
  await withAcme(async (server) => {
    const to = '?path=acme/a'
    for (const length of ['-1', '1.5', '1e9', 'NaN', '', '9007199254740993']) {
      assert.equal(await refusedFor(server, { 'Upload-Length': length }, to), 'field-invalid')
    }
    assert.equal(await refusedFor(server, {}, to), 'field-invalid')
    const both = { 'Upload-Length': '5', 'Upload-Defer-Length': '1' }
    assert.equal(await refusedFor(server, both, to), 'field-invalid')
    assert.equal(await refusedFor(server, { 'Upload-Defer-Length': '2' }, to), 'field-invalid')
    const huge = { 'Upload-Length': String(5 * 1024 ** 4 + 1) }
    assert.equal(await refusedFor(server, huge, to), 'file-too-large')
    assert.equal(await openUploads(server), 0)
  })
})

test('metadata with bad base64, names twice, line breaks, or more than there may be is refused', async () => {
  await withAcme(async (server) => {
    const bad = [
      'filename ***',
      'filename YQ',
      'filename YQ== YQ==',
      'filename YQ==,filename Yg==',
      'filename /////w==',
      `filename ${Buffer.alloc(8192, 97).toString('base64')}`,
    ]
    for (const metadata of bad) {
      const headers = { 'Upload-Length': '1', 'Upload-Metadata': metadata }
      assert.equal(await refusedFor(server, headers, '?folder=acme/'), 'field-invalid', metadata)
    }
    const names = ['a\r\nSet-Cookie: x=1', 'a\nb', '..', 'a/b', '../../up', 'a\u0000']
    for (const filename of names) {
      const headers = { 'Upload-Length': '1', 'Upload-Metadata': describe({ filename }) }
      assert.equal(await refusedFor(server, headers, '?folder=acme/'), 'path-invalid', filename)
    }
    const paths = ['../x', 'acme/../other/x', 'acme', '/acme/x', 'AC/x']
    for (const path of paths) {
      const headers = { 'Upload-Length': '1', 'Upload-Metadata': describe({ path }) }
      assert.match(await refusedFor(server, headers), /^(path-invalid|bucket-name-invalid)$/, path)
    }
    const type = describe({ filename: 'a', filetype: 'text/html\r\nX: y' })
    const typed = { 'Upload-Length': '1', 'Upload-Metadata': type }
    assert.equal(await refusedFor(server, typed, '?folder=acme/'), 'field-invalid')
    assert.equal(await openUploads(server), 0)
  })
})

test('a method in a header counts here, in place of POST alone, and nowhere else', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, { 'Upload-Length': '2' }, { endpoint: '/-/tus?path=acme/a' })
    const instead = (method: string, as: string): ReturnType<typeof speak> =>
      speak(method, upload.url, {
        headers: {
          ...withKey(server),
          'X-HTTP-Method-Override': as,
          'Content-Type': BYTES,
          'Upload-Offset': '0',
        },
        ...(method !== 'HEAD' && { body: 'ok' }),
      })
    assert.equal((await instead('POST', 'CONNECT')).status, 405)
    assert.equal((await instead('HEAD', 'DELETE')).status, 200)
    assert.equal((await instead('POST', 'PATCH')).status, 204)
    assert.equal(await textOf(server, 'a'), 'ok')
    const { url } = await issue(server, { path: 'acme/a', method: 'GET' })
    const put = await fetch(url, { method: 'POST', headers: { 'X-HTTP-Method-Override': 'PUT' } })
    assert.equal(put.status, 403)
    assert.equal(await textOf(server, 'a'), 'ok')
  })
})

test('another version, another type and a method that there is not are told so', async () => {
  await withAcme(async (server) => {
    const endpoint = `${server.origin}/-/tus?path=acme/a`
    const old = await speak('POST', endpoint, { headers: { 'Tus-Resumable': '0.2.2' } })
    assert.deepEqual([old.status, old.code], [412, 'precondition-failed'])
    assert.equal(old.headers.get('tus-version'), '1.0.0')
    const upload = await begin(server, { 'Upload-Length': '2' }, { endpoint: '/-/tus?path=acme/a' })
    const typed = await upload.append(0, 'ok', { 'Content-Type': 'application/octet-stream' })
    assert.deepEqual([typed.status, typed.code], [415, 'media-type-unsupported'])
    const got = await speak('GET', upload.url, { headers: withKey(server) })
    assert.deepEqual([got.status, got.code], [405, 'method-not-allowed'])
    assert.equal(await upload.offset(), 0)
  })
})

test('nobody, a bad key, a key for elsewhere and one that only reads are refused by every method', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, { 'Upload-Length': '2' }, { endpoint: '/-/tus?path=acme/a' })
    const make = async (scope: object): Promise<Fields> => {
      const { json } = await call(server, 'POST', '/v1/api-keys', { json: { name: 'k', ...scope } })
      return { Authorization: String(json['secret'] ?? json['key']) }
    }
    const strangers: readonly Fields[] = [
      {},
      { Authorization: 'Bearer hp_nobody_0123456789abcdefghijklmnopqrstuvwxyz' },
      await make({ actions: ['write'], pathPrefix: 'acme/other/' }),
      await make({ actions: ['read', 'list'] }),
    ]
    for (const key of strangers) {
      const asked = [
        await speak('POST', `${server.origin}/-/tus?path=acme/b`, {
          headers: { ...key, 'Upload-Length': '1' },
        }),
        await speak('HEAD', upload.url, { headers: key }),
        await speak('PATCH', upload.url, {
          headers: { ...key, 'Content-Type': BYTES, 'Upload-Offset': '0' },
          body: 'no',
        }),
        await speak('DELETE', upload.url, { headers: key }),
      ]
      for (const { status } of asked) assert.ok(status === 401 || status === 403, String(status))
    }
    assert.equal(await upload.offset(), 0)
    assert.equal(await openUploads(server), 1)
  })
})

test('a link for one thing does nothing else: not to download, not for a part, not one that another key signed', async () => {
  await withAcme(async (server) => {
    const begun = { 'Upload-Length': '1', 'Upload-Metadata': describe({ filename: 'a' }) }
    const show = async (link: string): Promise<string> => {
      const headers = { ...begun, 'Hallpass-Link': link }
      return (await speak('POST', `${server.origin}/-/tus`, { headers })).code
    }
    const put = await issue(server, { path: 'acme/a', method: 'PUT', contentType: 'image/png' })
    await call(server, 'PUT', '/v1/files?path=acme/there', { body: 'x' })
    const get = await issue(server, { path: 'acme/there', method: 'GET' })
    const folder = await share(server, { path: 'acme/', kind: 'folder' })
    const planned = await call(server, 'POST', '/v1/uploads', {
      json: { path: 'acme/big', size: 20 * 1024 ** 2 },
    })
    const [part] = planned.json['requests'] as readonly { readonly url: string }[]
    const bad = [
      put.url,
      `${put.url}&X-Amz-Date=20260101T000000Z`,
      put.url.replace('/acme/a', '/acme/b'),
      get.url,
      part?.url ?? '',
      folder.url.split('/').at(-1) ?? '',
      'nonsense',
      'http://[::',
    ]
    for (const link of bad) assert.equal(await show(link), 'upload-link-invalid', link)
    assert.equal(await show('0'.repeat(30)), 'share-not-found')
    const both = await speak('POST', `${server.origin}/-/tus`, {
      headers: { ...begun, ...withKey(server), 'Hallpass-Link': put.url },
    })
    assert.equal(both.code, 'field-invalid')
    const typed = { 'Upload-Length': '1', 'Upload-Metadata': describe({ filetype: 'image/png' }) }
    assert.ok(await begin(server, typed, { key: { 'Hallpass-Link': put.url } }))
    assert.equal(await openUploads(server), 2)
  })
})

test('an upload that one link has begun is no other link’s, and a drop cannot be looked into by it', async () => {
  await withAcme(async (server) => {
    const one = await share(server, { path: 'acme/in/', kind: 'drop' })
    const two = await share(server, { path: 'acme/in/', kind: 'drop' })
    const tokenOf = ({ url }: { readonly url: string }): string => url.split('/').at(-1) ?? ''
    const headers = { 'Upload-Length': '2', 'Upload-Metadata': describe({ filename: 'a' }) }
    const upload = await begin(server, headers, { endpoint: `/-/tus/${tokenOf(one)}`, key: {} })
    const id = upload.url.split('/').at(-1) ?? ''
    const elsewhere = await speak('HEAD', `${server.origin}/-/tus/${tokenOf(two)}/${id}`)
    assert.equal(elsewhere.status, 404)
    const byKey = await begin(server, headers, { endpoint: '/-/tus?folder=acme/in/' })
    const theirs = byKey.url.split('/').at(-1) ?? ''
    assert.equal(
      (await speak('HEAD', `${server.origin}/-/tus/${tokenOf(one)}/${theirs}`)).status,
      404,
    )
    assert.equal(
      (await speak('DELETE', `${server.origin}/-/tus/${tokenOf(one)}/${theirs}`)).status,
      404,
    )
    assert.equal(await byKey.offset(), 0)
  })
})

test('unlimited slots: a link opens so many uploads and no more, and those of keys are not counted', async () => {
  await withAcme(async (server) => {
    const { url } = await share(server, { path: 'acme/in/', kind: 'drop' })
    const token = url.split('/').at(-1) ?? ''
    const ask = async (number: number): Promise<string> => {
      const headers = {
        'Upload-Length': '9',
        'Upload-Metadata': describe({ filename: `f${number}` }),
      }
      const { status, code } = await speak('POST', `${server.origin}/-/tus/${token}`, { headers })
      return status === 201 ? 'opened' : code
    }
    const outcomes = new Map<string, number>()
    for (let from = 0; from < 1010; from += 10) {
      const numbers = Array.from({ length: 10 }, (_, index) => from + index)
      for (const outcome of await Promise.all(numbers.map(ask))) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    }
    assert.deepEqual(Object.fromEntries(outcomes), { opened: 1000, 'upload-limit': 10 })
    assert.ok(await begin(server, { 'Upload-Length': '1' }, { endpoint: '/-/tus?path=acme/key' }))
  })
})

test('a body that breaks off keeps what came of it', async () => {
  await withAcme(async (server) => {
    const upload = await begin(
      server,
      { 'Upload-Length': '10' },
      { endpoint: '/-/tus?path=acme/a' },
    )
    const { pathname } = new URL(upload.url)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      `PATCH ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTus-Resumable: 1.0.0\r\nAuthorization: ${server.adminKey}\r\nContent-Type: ${BYTES}\r\nUpload-Offset: 0\r\nContent-Length: 10\r\n\r\nhalf`,
    )
    await waitUntil(() => /tus-begin/.test(server.logText()))
    socket.end()
    await waitUntil(async () => (await upload.offset()) === 4)
    socket.destroy()
    assert.equal((await upload.append(4, ' again')).status, 204)
    assert.equal(await textOf(server, 'a'), 'half again')
  })
})

test('of a body with a digest that breaks off nothing is kept', async () => {
  await withAcme(async (server) => {
    const upload = await begin(
      server,
      { 'Upload-Length': '10' },
      { endpoint: '/-/tus?path=acme/a' },
    )
    const { pathname } = new URL(upload.url)
    const socket = connect(server.port, '127.0.0.1')
    const digest = Buffer.alloc(20).toString('base64')
    socket.write(
      `PATCH ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTus-Resumable: 1.0.0\r\nAuthorization: ${server.adminKey}\r\nContent-Type: ${BYTES}\r\nUpload-Offset: 0\r\nUpload-Checksum: sha1 ${digest}\r\nContent-Length: 10\r\n\r\nhalf`,
    )
    socket.end()
    await waitUntil(() => /tus-append/.test(server.logText()))
    assert.equal(await upload.offset(), 0)
    socket.destroy()
  })
})
