/** tus 1.0, by hand: core, and the extensions that the server says it has. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue } from '../rest/call.ts'
import { share } from '../share/visit.ts'
import { BYTES, begin, describe, speak, textOf, uploadAt, withKey } from './speak-tus.ts'

function withAcme(use: (server: RunningServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    await makeBucket(server, 'acme')
    await use(server)
  })
}

const to = (path: string): string => describe({ path })

test('an upload goes on where it was, and becomes a file with its last byte', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, {
      'Upload-Length': '11',
      'Upload-Metadata': to('acme/a.txt'),
    })
    const first = await upload.append(0, 'hello ')
    assert.deepEqual([first.status, first.headers.get('upload-offset')], [204, '6'])
    const looked = await upload.look()
    assert.equal(looked.status, 200)
    assert.equal(looked.headers.get('upload-offset'), '6')
    assert.equal(looked.headers.get('upload-length'), '11')
    assert.equal(looked.headers.get('upload-metadata'), to('acme/a.txt'))
    assert.equal(looked.headers.get('cache-control'), 'no-store')
    assert.ok(Date.parse(looked.headers.get('upload-expires') ?? '') > Date.now())
    assert.equal(await textOf(server, 'a.txt'), '')
    const last = await upload.append(6, 'world')
    assert.equal(last.status, 204)
    assert.match(last.headers.get('x-hallpass-file-id') ?? '', /^file_/)
    assert.equal(await textOf(server, 'a.txt'), 'hello world')
    // Whoever did not hear of it asks again.
    assert.equal(await upload.offset(), 11)
    assert.equal((await upload.append(11, '')).status, 204)
    const file = await server.core.files.find({ bucket: 'acme', key: 'a.txt' })
    assert.equal(file?.contentType, 'text/plain')
  })
})

test('what the server can do is said to whoever asks, without a key', async () => {
  await withAcme(async (server) => {
    const { status, headers } = await speak('OPTIONS', `${server.origin}/-/tus`)
    assert.equal(status, 204)
    assert.equal(headers.get('tus-version'), '1.0.0')
    assert.equal(headers.get('tus-max-size'), String(5 * 1024 ** 4))
    assert.equal(headers.get('tus-checksum-algorithm'), 'sha1,sha256,md5')
    for (const extension of ['creation', 'creation-with-upload', 'creation-defer-length']) {
      assert.ok(headers.get('tus-extension')?.split(',').includes(extension), extension)
    }
  })
})

test('the first bytes may come along, and an empty file is whole when it is begun', async () => {
  await withAcme(async (server) => {
    const headers = { ...withKey(server), 'Upload-Metadata': to('acme/b.txt') }
    const begun = await speak('POST', `${server.origin}/-/tus`, {
      headers: { ...headers, 'Upload-Length': '4', 'Content-Type': BYTES },
      body: 'all!',
    })
    assert.deepEqual([begun.status, begun.headers.get('upload-offset')], [201, '4'])
    assert.equal(await textOf(server, 'b.txt'), 'all!')
    const empty = await speak('POST', `${server.origin}/-/tus?path=acme/empty`, {
      headers: { ...withKey(server), 'Upload-Length': '0' },
    })
    assert.equal(empty.status, 201)
    assert.equal((await server.core.files.find({ bucket: 'acme', key: 'empty' }))?.size, 0)
  })
})

test('how long it will be may be said later, and once', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, {
      'Upload-Defer-Length': '1',
      'Upload-Metadata': to('acme/c.txt'),
    })
    await upload.append(0, 'one ')
    assert.equal((await upload.look()).headers.get('upload-defer-length'), '1')
    assert.equal((await upload.append(4, '', { 'Upload-Length': '3' })).code, 'upload-claim-wrong')
    assert.equal((await upload.append(4, 'two', { 'Upload-Length': '8' })).status, 204)
    assert.equal((await upload.append(7, '', { 'Upload-Length': '7' })).code, 'upload-claim-wrong')
    assert.equal((await upload.append(7, '!')).status, 204)
    assert.equal(await textOf(server, 'c.txt'), 'one two!')
  })
})

test('of bytes with another digest none is kept, and the upload goes on', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, {
      'Upload-Length': '10',
      'Upload-Metadata': to('acme/d.txt'),
    })
    const sum = (algorithm: string, text: string): string =>
      `${algorithm} ${createHash(algorithm).update(text).digest('base64')}`
    const right = await upload.append(0, 'right', { 'Upload-Checksum': sum('sha1', 'right') })
    assert.equal(right.status, 204)
    const wrong = await upload.append(5, 'wrong', { 'Upload-Checksum': sum('sha1', 'right') })
    assert.deepEqual([wrong.status, wrong.code], [460, 'digest-mismatch'])
    assert.equal(await upload.offset(), 5)
    const unknown = await upload.append(5, 'wrong', { 'Upload-Checksum': 'crc7 AAAA' })
    assert.deepEqual([unknown.status, unknown.code], [400, 'field-invalid'])
    const again = await upload.append(5, 'right', { 'Upload-Checksum': sum('sha256', 'right') })
    assert.equal(again.status, 204)
    assert.equal(await textOf(server, 'd.txt'), 'rightright')
  })
})

test('an upload is put together of others without moving a byte, and asked again it is the same', async () => {
  await withAcme(async (server) => {
    const partial = async (text: string): Promise<string> => {
      const upload = await begin(
        server,
        { 'Upload-Length': String(text.length), 'Upload-Concat': 'partial' },
        { endpoint: '/-/tus?folder=acme/big/' },
      )
      assert.equal((await upload.append(0, text)).status, 204)
      assert.equal((await upload.look()).headers.get('upload-concat'), 'partial')
      return new URL(upload.url).pathname
    }
    const urls = [await partial('first '), await partial('second '), await partial('third')]
    const headers = {
      ...withKey(server),
      'Upload-Concat': `final;${urls.join(' ')}`,
      'Upload-Metadata': describe({ filename: 'joined.txt' }),
    }
    const endpoint = `${server.origin}/-/tus?folder=acme/big/`
    const answers = await Promise.all([
      speak('POST', endpoint, { headers }),
      speak('POST', endpoint, { headers }),
    ])
    answers.push(await speak('POST', endpoint, { headers }))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    )
    assert.equal(new Set(answers.map((answer) => answer.headers.get('location'))).size, 1)
    assert.equal(await textOf(server, 'big/joined.txt'), 'first second third')
    const final = uploadAt(server.origin + answers[0]?.headers.get('location'), withKey(server))
    const looked = await final.look()
    assert.equal(looked.headers.get('upload-length'), '18')
    assert.equal(looked.headers.get('upload-concat'), `final;${urls.join(' ')}`)
    assert.equal((await final.append(18, '')).status, 403)
    const other = { ...headers, 'Upload-Concat': `final;${urls[0]}` }
    assert.equal((await speak('POST', endpoint, { headers: other })).status, 404)
    assert.equal(await server.core.files.find({ bucket: 'acme', key: 'big/.partial' }), null)
  })
})

test('one that is not all there, is no part, or stands twice puts nothing together', async () => {
  await withAcme(async (server) => {
    const options = { endpoint: '/-/tus?path=acme/e.bin' }
    const half = await begin(server, { 'Upload-Length': '5', 'Upload-Concat': 'partial' }, options)
    const whole = await begin(server, { 'Upload-Length': '5' }, options)
    const join = async (...of: readonly string[]): Promise<readonly [number, string]> => {
      const list = of.map((url) => new URL(url).pathname).join(' ')
      const headers = { ...withKey(server), 'Upload-Concat': `final;${list}` }
      const { status, code } = await speak('POST', server.origin + options.endpoint, { headers })
      return [status, code]
    }
    assert.deepEqual(await join(half.url), [409, 'upload-incomplete'])
    assert.deepEqual(await join(whole.url), [404, 'upload-not-found'])
    assert.deepEqual(await join(), [400, 'upload-claim-wrong'])
    await half.append(0, 'there')
    assert.deepEqual(await join(half.url, half.url), [400, 'upload-claim-wrong'])
    assert.deepEqual(await join(half.url), [201, ''])
  })
})

test('an upload that is given up is gone, and a file stays', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, { 'Upload-Length': '5', 'Upload-Metadata': to('acme/f') })
    await upload.append(0, 'abc')
    assert.equal((await upload.end()).status, 204)
    assert.equal((await upload.look()).status, 404)
    assert.equal((await upload.append(3, 'de')).status, 404)
    const done = await begin(server, { 'Upload-Length': '2', 'Upload-Metadata': to('acme/f') })
    await done.append(0, 'ok')
    assert.equal((await done.end()).status, 404)
    assert.equal(await textOf(server, 'f'), 'ok')
  })
})

test('what is there is not replaced unless that is asked for, and a file that came meanwhile stays', async () => {
  await withAcme(async (server) => {
    const begun = { 'Upload-Length': '4', 'Upload-Metadata': to('acme/g.txt') }
    const upload = await begin(server, begun)
    await upload.append(0, 'mi')
    await putFile(server, { bucket: 'acme', key: 'g.txt' }, 'theirs')
    const last = await upload.append(2, 'ne')
    assert.deepEqual([last.status, last.code], [409, 'file-exists'])
    // Nobody is told that it was stored.
    assert.equal((await upload.look()).status, 409)
    assert.equal(await textOf(server, 'g.txt'), 'theirs')
    const refused = await speak('POST', `${server.origin}/-/tus`, {
      headers: { ...withKey(server), ...begun },
    })
    assert.equal(refused.code, 'file-exists')
    const other = await begin(server, begun, { endpoint: '/-/tus?overwrite=true' })
    assert.equal((await other.append(0, 'mine')).status, 204)
    assert.equal(await textOf(server, 'g.txt'), 'mine')
  })
})

test('of two who send at once one goes on', async () => {
  await withAcme(async (server) => {
    const upload = await begin(server, { 'Upload-Length': '6', 'Upload-Metadata': to('acme/h') })
    const answers = await Promise.all([upload.append(0, 'aaa'), upload.append(0, 'bbb')])
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [204, 409],
    )
    assert.equal(await upload.offset(), 3)
    await upload.append(3, 'ccc')
    assert.match(await textOf(server, 'h'), /^(aaa|bbb)ccc$/)
  })
})

test('a link for PUT uploads the one file that it is for, by its address or by a header', async () => {
  await withAcme(async (server) => {
    for (const [key, at] of [
      ['i.txt', 'header'],
      ['j.txt', 'path'],
    ] as const) {
      const { url } = await issue(server, { path: `acme/${key}`, method: 'PUT', maxBytes: 5 })
      const encoded = Buffer.from(url).toString('base64url')
      const endpoint = at === 'path' ? `/-/tus/${encoded}` : '/-/tus'
      const credentials: Record<string, string> = at === 'path' ? {} : { 'Hallpass-Link': url }
      const large = await speak('POST', server.origin + endpoint, {
        headers: { ...credentials, 'Upload-Length': '6' },
      })
      assert.equal(large.status, 413)
      const upload = await begin(server, { 'Upload-Length': '5' }, { endpoint, key: credentials })
      await upload.append(0, 'abc')
      // The link ran out: what began in time may finish.
      server.advanceClock(3_600_000)
      const begins = await speak('POST', server.origin + endpoint, {
        headers: { ...credentials, 'Upload-Length': '5' },
      })
      assert.deepEqual([begins.status, begins.code], [403, 'upload-link-invalid'])
      assert.equal((await upload.append(3, 'de')).status, 204)
      assert.equal(await textOf(server, key), 'abcde')
      // It is used up, and still says that it did its work.
      assert.equal(await upload.offset(), 5)
    }
  })
})

test('a link that is revoked on the way ends its upload', async () => {
  await withAcme(async (server) => {
    const { id, url } = await issue(server, { path: 'acme/k.txt', method: 'PUT' })
    const key = { 'Hallpass-Link': url }
    const upload = await begin(server, { 'Upload-Length': '4' }, { key })
    await upload.append(0, 'ab')
    await call(server, 'DELETE', `/v1/links/${id}`)
    const refused = await upload.append(2, 'cd')
    assert.deepEqual([refused.status, refused.code], [403, 'link-revoked'])
    assert.equal(await textOf(server, 'k.txt'), '')
  })
})

test('a drop takes many files, each under a name of its own', async () => {
  await withAcme(async (server) => {
    const { url, id } = await share(server, { path: 'acme/inbox/', kind: 'drop', maxUses: 2 })
    const token = url.split('/').at(-1) ?? ''
    const endpoint = `/-/tus/${token}`
    const send = async (): Promise<number> => {
      const headers = {
        'Upload-Length': '2',
        'Upload-Metadata': describe({ filename: 'a.txt', filetype: 'text/plain' }),
      }
      const upload = await begin(server, headers, { endpoint, key: {} })
      return (await upload.append(0, 'ok')).status
    }
    assert.deepEqual([await send(), await send()], [204, 204])
    assert.equal(await textOf(server, 'inbox/a.txt'), 'ok')
    assert.equal(await textOf(server, 'inbox/a (2).txt'), 'ok')
    await assert.rejects(send(), /410/)
    await server.core.events.flush()
    const { text } = await call(server, 'GET', `/v1/events?link=${id}`)
    assert.equal(text.match(/link\.used/g)?.length, 2)
    assert.match(text, /file\.created/)
  })
})

test('a drop with a password asks for it, and what was let in goes on', async () => {
  await withAcme(async (server) => {
    const { url } = await share(server, { path: 'acme/in/', kind: 'drop', password: 'secret' })
    const headers = { 'Upload-Length': '2', 'Upload-Metadata': describe({ filename: 'a.txt' }) }
    const begun = await speak('POST', `${url}/tus`, { headers })
    assert.deepEqual([begun.status, begun.code], [401, 'share-password-needed'])
    const token = url.split('/').at(-1) ?? ''
    const elsewhere = await speak('POST', `${server.origin}/-/tus/${token}`, { headers })
    assert.equal(elsewhere.code, 'share-password-needed')
    const form = new URLSearchParams({ password: 'secret' })
    const let_in = await fetch(url, { method: 'POST', body: form, redirect: 'manual' })
    const cookie = (let_in.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
    const again = await speak('POST', `${url}/tus`, { headers: { ...headers, cookie } })
    assert.equal(again.status, 201)
    const upload = uploadAt(server.origin + again.headers.get('location'), {})
    assert.equal((await upload.append(0, 'ok')).status, 204)
    assert.equal(await textOf(server, 'in/a.txt'), 'ok')
  })
})

test('nothing that opens anything is in the log', async () => {
  await withAcme(async (server) => {
    const { url } = await issue(server, { path: 'acme/l.txt', method: 'PUT' })
    const drop = await share(server, { path: 'acme/inbox/', kind: 'drop' })
    const token = drop.url.split('/').at(-1) ?? ''
    const encoded = Buffer.from(url).toString('base64url')
    await begin(server, { 'Upload-Length': '4' }, { endpoint: `/-/tus/${encoded}`, key: {} })
    await speak('POST', `${server.origin}/-/tus/${token}`, { headers: { 'Upload-Length': '4' } })
    await speak('POST', `${server.origin}/-/tus`, { headers: { 'Hallpass-Link': `${url}0` } })
    const logged = server.logText()
    assert.match(logged, /tus-begin/)
    for (const secret of [encoded, token, url.split('X-Amz-Signature=').at(-1) ?? '']) {
      assert.ok(!logged.includes(secret))
    }
  })
})
