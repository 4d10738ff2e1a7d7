import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issue, put } from '../../support/core.ts'
import { withS3 } from './support.ts'

/** What is stored under no reading at all. */
const AMBIGUOUS = [
  'image/png;, text/html',
  'image/png, text/html',
  'image/png text/html',
  'image/png;charset="x',
  'text/html,image/png',
  'image/',
  'png',
]

test('a type that browsers could read as another is refused when a file is stored', async () => {
  await withS3(async ({ core, presign }) => {
    const link = await issue(core, 'a.png', {
      method: 'PUT',
      terms: { contentTypes: ['image/png'] },
    })
    for (const type of AMBIGUOUS) {
      const headers = { 'content-type': type }
      for (const url of [presign('PUT', 'acme/a.png'), link.url]) {
        const answer = await fetch(url, { method: 'PUT', body: 'x', headers })
        assert.equal(answer.status, 400, type)
        assert.match(await answer.text(), /<Code>InvalidArgument<\/Code>/)
      }
    }
    assert.equal(await core.files.find({ bucket: 'acme', key: 'a.png' }), null)
    const headers = { 'content-type': 'IMAGE/PNG; q="1"' }
    assert.equal((await fetch(link.url, { method: 'PUT', body: 'x', headers })).status, 200)
  })
})

test('what is shown in place has the one spelling of its type; what has none is saved as bytes', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', '<script>alert(1)</script>')
    const shown = async (type: string): Promise<readonly [string | null, string | null]> => {
      const query = { 'response-content-type': type, 'response-content-disposition': 'inline' }
      const { headers } = await fetch(presign('GET', 'acme/a.txt', { query }))
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      return [headers.get('content-type'), headers.get('content-disposition')]
    }
    assert.deepEqual(await shown('Image/PNG'), ['image/png', 'inline'])
    assert.deepEqual(await shown('text/plain;charset=utf-8'), [
      'text/plain; charset=utf-8',
      'inline',
    ])
    assert.deepEqual(await shown('text/html'), ['text/html', 'attachment'])
    assert.deepEqual(await shown('image/svg+xml'), ['image/svg+xml', 'attachment'])
    for (const type of AMBIGUOUS) {
      assert.deepEqual(await shown(type), ['application/octet-stream', 'attachment'], type)
    }
  })
})

test('a name for a download never turns its reading direction', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'x')
    for (const mark of ['\u202E', '\u2066', '\u200F', '\u061C']) {
      const encoded = encodeURIComponent(`invoice${mark}fdp.exe`)
      const asked = `attachment; filename="invoice.exe"; filename*=UTF-8''${encoded}`
      const query = { 'response-content-disposition': asked }
      const answer = await fetch(presign('GET', 'acme/a.txt', { query }))
      const given = answer.headers.get('content-disposition') ?? ''
      assert.match(given, /invoicefdp\.exe/)
      assert.ok(!decodeURIComponent(given).includes(mark))
    }
  })
})
