/** What using links, shares and files must keep to, over HTTP. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from '../rest/call.ts'
import { look, press, share } from '../share/visit.ts'

test('a link for 1, 2 or 5 uses gives exactly so many, and what is refused takes none', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'a')
    for (const maxUses of [1, 2, 5]) {
      const { url } = await issue(server, { path: 'acme/a.txt', maxUses })
      const forged = new URL(url)
      forged.searchParams.set('X-Amz-Signature', '0'.repeat(64))
      for (let use = 1; use <= maxUses; use += 1) {
        assert.equal(await statusOf(forged.href), 403)
        assert.equal(await statusOf(url, { method: 'PUT', body: 'x' }), 403)
        assert.equal(await statusOf(url, { method: 'HEAD' }), 200)
        assert.equal(await statusOf(url, { headers: { range: 'bytes=9-' } }), 416)
        assert.equal(await statusOf(url), 200, `${use} of ${maxUses}`)
      }
      assert.ok((await statusOf(url)) >= 400, `one more than ${maxUses}`)
    }
  })
})

test('a wrong password takes no use of a share, and neither does looking at it', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'a')
    const { url } = await share(server, { path: 'acme/a.txt', maxUses: 1, password: 'open sesame' })
    for (const password of ['', 'sesame', 'Open sesame']) {
      await look(url)
      assert.ok((await press(url, { password })).status >= 400, password)
    }
    const opened = await press(url, { password: 'open sesame' })
    assert.ok(opened.status < 400, String(opened.status))
  })
})

test('no page and no file that a signature opens tells its address on, or may be listed by robots', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.html', '<script>fetch("/")</script>')
    const link = await issue(server, { path: 'acme/a.html' })
    const file = await share(server, { path: 'acme/a.html' })
    const folder = await share(server, { path: 'acme/' })
    const drop = await share(server, { path: 'acme/in/', kind: 'drop' })
    const dead = await issue(server, { path: 'acme/a.html' })
    await call(server, 'DELETE', `/v1/links/${dead.id}`)
    for (const url of [link.url, file.url, folder.url, drop.url, dead.url, `${file.url}0`]) {
      const { headers, status } = await look(url)
      const where = `${new URL(url).pathname}: ${status}`
      assert.equal(headers.get('referrer-policy'), 'no-referrer', where)
      for (const word of ['noindex', 'nofollow', 'noarchive']) {
        assert.match(headers.get('x-robots-tag') ?? '', new RegExp(word), where)
      }
    }
  })
})

/** Each answer has a number and a time of its own. */
const withoutNumber = (page: string): string => page.replace(/<p class="note">.*?<\/p>/s, '')

test('shares that never were and those that are over look alike to whoever guesses', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'a')
    const { url } = await share(server, { path: 'acme/a.txt' })
    const token = url.slice(url.lastIndexOf('/') + 1)
    const guesses = [
      `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`,
      '0'.repeat(30),
      'x',
      `${token}0`,
    ]
    const seen = await Promise.all(guesses.map((guess) => look(`${server.origin}/s/${guess}`)))
    const [first] = seen
    assert.ok(first !== undefined)
    for (const { status, text } of seen) {
      assert.deepEqual([status, withoutNumber(text)], [404, withoutNumber(first.text)])
    }
    for (const guess of ['1', '2', '3'].map((digit) => digit.repeat(30))) {
      const answer = await fetch(`${server.origin}/-/uppy/${guess}/s3/params?filename=a`)
      assert.equal(answer.status, 404)
      guesses.push(guess)
    }
    // What has not the form of an address is one thing for those who count guesses.
    await waitUntil(async () => {
      await server.core.events.flush()
      const { json, text } = await call(server, 'GET', '/v1/events?code=share-not-found')
      for (const guess of guesses) assert.ok(guess === 'x' || !text.includes(guess), 'it is told')
      const links = (json['events'] as { link: string | null }[]).map(({ link }) => link)
      return new Set(links).size === 6
    }, 'an event for each guess')
  })
})

test('what is put under a name again is none of the business of links that were made before', async () => {
  await withServer(async (server) => {
    const { id } = await upload(server, 'acme/a.txt', 'first')
    const stored = await issue(server, { path: 'acme/a.txt' })
    const write = await issue(server, { path: 'acme/a.txt', method: 'PUT', overwrite: true })
    const shown = await call(server, 'GET', `/v1/files/${String(id)}`)
    const automatic = String(shown.json['signedUrl'])
    await call(server, 'DELETE', `/v1/files/${String(id)}`)
    await upload(server, 'acme/a.txt', 'second')
    for (const url of [stored.url, automatic]) assert.equal(await statusOf(url), 403)
    const sent = await statusOf(write.url, { method: 'PUT', body: 'third', headers: write.headers })
    assert.equal(sent, 403)
  })
})

test('what an upload link has stored is not swapped by whoever kept its address, its form or the address of a part', async () => {
  await withServer(async (server) => {
    const ask = async (path: string, method: string): Promise<SignedRequest> => {
      const json = { path, size: 4, methods: [method] }
      const { json: planned } = await call(server, 'POST', '/v1/uploads', { json })
      const [request] = planned['requests'] as SignedRequest[]
      assert.ok(request !== undefined)
      return { ...request, uploadId: (planned['upload'] as { id: string }).id }
    }
    await call(server, 'PUT', '/v1/buckets/acme', { json: {} })
    for (const method of ['put', 'post', 'multipart']) {
      const request = await ask(`acme/${method}`, method)
      assert.ok((await sendSigned(request, 'seen')) < 300, method)
      await call(server, 'POST', `/v1/uploads/${request.uploadId}/complete`, { json: {} })
      const stored = await call(server, 'GET', `/v1/files?folder=acme&startsWith=${method}`)
      const [file] = stored.json['files'] as { etag: string; signedUrl: string }[]
      assert.ok(file !== undefined, method)
      assert.equal(await sendSigned(request, 'evil'), 410, method)
      const after = await look(file.signedUrl)
      assert.deepEqual([after.text, after.headers.get('etag')], ['seen', `"${file.etag}"`], method)
    }
  })
})

interface SignedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly fields?: Record<string, string>
  readonly uploadId: string
}

function sendSigned(
  { method, url, headers, fields }: SignedRequest,
  text: string,
): Promise<number> {
  if (fields === undefined) return statusOf(url, { method, headers, body: text })
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([text]))
  return statusOf(url, { method, body: form })
}

test('what a folder gave while it was public no cache keeps for more than a minute, and the server itself gives no more of it at once', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/open/a.txt', 'a')
    const url = `${server.origin}/acme/open/a.txt`
    const say = (visibility: string): ReturnType<typeof call> =>
      call(server, 'PUT', '/v1/folders/acme/open', { json: { visibility } })
    assert.equal((await say('public')).json['purge'], undefined)
    const shown = await look(url)
    assert.equal(shown.status, 200)
    const [, seconds = ''] =
      /^public, max-age=(\d+)$/.exec(shown.headers.get('cache-control') ?? '') ?? []
    assert.ok(seconds !== '' && Number(seconds) <= 60, shown.headers.get('cache-control') ?? '')
    const { status, json } = await say('private')
    assert.deepEqual([status, json['purge']], [200, [`${server.origin}/acme/open/`]])
    const etag = shown.headers.get('etag') ?? ''
    for (const headers of [{}, { 'if-none-match': etag }, { range: 'bytes=0-0' }]) {
      const after = await look(url, { headers })
      assert.equal(after.status, 403)
      assert.doesNotMatch(after.headers.get('cache-control') ?? '', /public|max-age=[1-9]/)
      assert.equal(after.headers.get('etag'), null)
    }
  })
})
