import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { writeFile } from '../../../src/core/files/write-file.ts'
import type { WriteFileRequest } from '../../../src/core/files/write-file.ts'
import { admin, allow, put, setFolder, streamOf, writeRequest } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { withS3 } from './support.ts'

async function store(
  core: TestCore,
  key: string,
  bytes: Uint8Array,
  change: Partial<WriteFileRequest> = {},
): Promise<void> {
  await writeFile(core, await allow(core, admin, 'write', key), writeRequest(change), {
    body: streamOf(bytes),
    signal: new AbortController().signal,
  })
}

test('a private file comes with what keeps it private', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'report.html', '<script>1</script>')
    const response = await fetch(presign('GET', 'acme/report.html', { expiresInSeconds: 120 }))
    assert.equal(await response.text(), '<script>1</script>')
    const { headers } = response
    assert.equal(headers.get('cache-control'), 'private, no-cache')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-robots-tag'), 'noindex, nofollow, noarchive')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('content-security-policy'), "sandbox; default-src 'none'")
    assert.equal(headers.get('accept-ranges'), 'bytes')
    assert.equal(headers.get('set-cookie'), null)
    assert.match(headers.get('x-amz-request-id') ?? '', /^[0-9A-F]{16}$/)
    assert.equal(
      headers.get('etag'),
      `"${createHash('md5').update('<script>1</script>').digest('hex')}"`,
    )
  })
})

test('only inert types are shown in place; all others are saved under their name', async () => {
  await withS3(async ({ core, presign }) => {
    const types: readonly (readonly [string, RegExp])[] = [
      ['text/plain', /^inline; filename="f.bin"$/],
      ['image/png', /^inline/],
      ['text/html', /^attachment; filename="f.bin"$/],
      ['image/svg+xml', /^attachment/],
      ['application/xml', /^attachment/],
      ['text/javascript', /^attachment/],
      ['IMAGE/SVG+XML; charset=utf-8', /^attachment/],
    ]
    for (const [contentType, disposition] of types) {
      await store(core, 'f.bin', Buffer.from('x'), { contentType })
      const response = await fetch(presign('GET', 'acme/f.bin'))
      assert.match(response.headers.get('content-disposition') ?? '', disposition, contentType)
      assert.equal(response.headers.get('content-type'), contentType)
    }
  })
})

test('the name and type that were signed are used, but nothing active is shown in place', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'x')
    const query = {
      'response-content-disposition': 'inline; filename="page.html"',
      'response-content-type': 'text/html',
    }
    const response = await fetch(presign('GET', 'acme/a.txt', { query }))
    assert.equal(response.headers.get('content-type'), 'text/html')
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="page.html"')
  })
})

test('whoever reads is told that no object was written with a key of theirs, and how none is read', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'x')
    for (const [name, value, code] of [
      ['x-amz-server-side-encryption', 'AES256', 'InvalidArgument'],
      ['X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id', 'one', 'InvalidArgument'],
      ['x-amz-server-side-encryption-customer-algorithm', 'AES256', 'InvalidRequest'],
    ] as const) {
      const headers = { [name]: value }
      const url = presign('GET', 'acme/a.txt', { headers })
      const answer = await fetch(url, { headers })
      assert.equal(answer.status, 400)
      assert.equal(/<Code>(\w+)</.exec(await answer.text())?.[1], code)
      const head = await fetch(presign('HEAD', 'acme/a.txt', { headers }), {
        method: 'HEAD',
        headers,
      })
      assert.equal(head.status, 400)
    }
    const query = { 'x-amz-server-side-encryption': 'AES256' }
    assert.equal((await fetch(presign('GET', 'acme/a.txt', { query }))).status, 400)
  })
})

test('no disposition turns the reading direction of a name, whoever wrote it', async () => {
  await withS3(async ({ core, presign }) => {
    const turned = `attachment; filename*=UTF-8''a%E2%80%AEfdp.exe`
    const clean = `attachment; filename*=UTF-8''afdp.exe`
    await store(core, 'a.bin', Buffer.from('x'), { headers: { contentDisposition: turned } })
    for (const query of [{}, { 'response-content-disposition': turned }]) {
      const response = await fetch(presign('GET', 'acme/a.bin', { query }))
      assert.equal(response.headers.get('content-disposition'), clean)
    }
  })
})

test('line ends in an override are refused and never reach the answer', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'x')
    for (const value of ['a\r\nX-Evil: 1', 'a\nb', 'a\0b', 'a\u007Fb']) {
      const query = { 'response-content-type': value }
      const response = await fetch(presign('GET', 'acme/a.txt', { query }))
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('x-evil'), null)
      assert.match(await response.text(), /<Code>InvalidArgument<\/Code>/)
    }
  })
})

test('an anonymous reader gets public files, for a minute, and chooses no headers', async () => {
  await withS3(async ({ core, origin }) => {
    await put(core, 'public/a.txt', 'open')
    await put(core, 'private/a.txt', 'closed')
    await setFolder(core, 'acme/public', { visibility: 'public' })
    const response = await fetch(`${origin}/acme/public/a.txt`)
    assert.equal(await response.text(), 'open')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=60')
    assert.equal(response.headers.get('x-robots-tag'), null)
    assert.equal(response.headers.get('content-security-policy'), "sandbox; default-src 'none'")
    assert.equal((await fetch(`${origin}/acme/private/a.txt`)).status, 403)
    const chosen = await fetch(`${origin}/acme/public/a.txt?response-content-type=text/html`)
    assert.equal(chosen.status, 400)
    assert.match(await chosen.text(), /<Code>InvalidRequest<\/Code>/)
  })
})

test('whoever may not read learns nothing from a range, however it is written', async () => {
  await withS3(async ({ core, origin, presign, createKey }) => {
    await put(core, 'a.txt', '0123456789')
    const credentials = await createKey({ name: 'n', actions: ['list'] })
    const ranges = [
      'bytes=99-',
      'bytes=0-1',
      `bytes=${' '.repeat(15_000)}1-`,
      `bytes=${'1-2,'.repeat(3000)}`,
    ]
    for (const url of [`${origin}/acme/a.txt`, presign('GET', 'acme/a.txt', { credentials })]) {
      for (const range of ranges) {
        const answer = await fetch(url, { headers: { range } })
        assert.equal(answer.status, 403, range.slice(0, 20))
        for (const name of ['content-range', 'etag', 'last-modified', 'accept-ranges']) {
          assert.equal(answer.headers.get(name), null, name)
        }
      }
    }
  })
})

test('one range is served, several are the whole file, an impossible one is refused', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', '0123456789')
    const cases: readonly (readonly [string, number, string, string | null])[] = [
      ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
      ['bytes=7-', 206, '789', 'bytes 7-9/10'],
      ['bytes=-2', 206, '89', 'bytes 8-9/10'],
      ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
      ['bytes=0-1,4-5', 200, '0123456789', null],
      ['bytes=5-2', 200, '0123456789', null],
    ]
    for (const [range, status, text, contentRange] of cases) {
      const response = await fetch(presign('GET', 'acme/a.txt'), { headers: { range } })
      assert.equal(response.status, status, range)
      assert.equal(response.headers.get('content-range'), contentRange, range)
      assert.equal(await response.text(), text, range)
    }
    for (const range of ['bytes=10-', 'bytes=99-100', 'bytes=-0', `bytes=${'9'.repeat(30)}-`]) {
      const response = await fetch(presign('GET', 'acme/a.txt'), { headers: { range } })
      assert.equal(response.status, 416, range)
      assert.equal(response.headers.get('content-range'), 'bytes */10')
      assert.match(await response.text(), /<Code>InvalidRange<\/Code>/)
    }
  })
})

test('a large file comes whole and in ranges', async () => {
  await withS3(async ({ core, presign }) => {
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 7)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 31) % 253
    await store(core, 'big.bin', bytes)
    const whole = await fetch(presign('GET', 'acme/big.bin'))
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes))
    const part = await fetch(presign('GET', 'acme/big.bin'), {
      headers: { range: 'bytes=1000000-2999999' },
    })
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000_000, 3_000_000)))
  })
})

test('conditions are answered after the signature, never before', async () => {
  await withS3(async ({ core, presign, origin }) => {
    await put(core, 'a.txt', 'x')
    const url = presign('GET', 'acme/a.txt')
    const etag = (await fetch(url)).headers.get('etag') ?? ''
    const unchanged = await fetch(url, { headers: { 'if-none-match': etag } })
    assert.equal(unchanged.status, 304)
    assert.equal(unchanged.headers.get('etag'), etag)
    assert.equal(await unchanged.text(), '')
    const failed = await fetch(url, { headers: { 'if-match': '"0"' } })
    assert.equal(failed.status, 412)
    for (const path of ['/acme/a.txt', '/acme/missing.txt']) {
      for (const header of ['if-none-match', 'if-match']) {
        const response = await fetch(origin + path, { headers: { [header]: etag } })
        assert.equal(response.status, 403)
        assert.equal(response.headers.get('etag'), null)
        assert.equal(response.headers.get('last-modified'), null)
      }
    }
  })
})

test('HEAD has the headers of GET and no body, also when it is refused', async () => {
  await withS3(async ({ core, presign, origin }) => {
    await put(core, 'a.txt', 'hello')
    const head = await fetch(presign('HEAD', 'acme/a.txt'), { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('content-length'), '5')
    const refused = await fetch(`${origin}/acme/a.txt`, { method: 'HEAD' })
    assert.equal(refused.status, 403)
    assert.equal(await refused.text(), '')
  })
})

test('the checksum of the whole file comes to those who ask for it', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'hello')
    const query = { 'x-amz-checksum-mode': 'ENABLED' }
    const response = await fetch(presign('GET', 'acme/a.txt', { query }))
    assert.equal(response.headers.get('x-amz-checksum-crc64nvme'), 'M3eFcAZSQlc=')
    const part = await fetch(presign('GET', 'acme/a.txt', { query }), {
      headers: { range: 'bytes=0-1' },
    })
    assert.equal(part.headers.get('x-amz-checksum-crc64nvme'), null)
    const other = { 'x-amz-checksum-mode': 'DISABLED' }
    const refused = await fetch(presign('GET', 'acme/a.txt', { query: other }))
    assert.equal(refused.status, 400)
    assert.match(await refused.text(), /<Code>InvalidRequest<.*x-amz-checksum-mode/)
  })
})

test('a stored value that cannot be sent does not break the file', async () => {
  await withS3(async ({ core, presign }) => {
    // Past everything that checks values when they are stored.
    await core.files.write({
      path: { bucket: 'acme', key: 'a.txt' },
      draft: {
        contentType: 'text/\nplain',
        headers: { contentLanguage: 'd\re', cacheControl: 'no-store' },
        metadata: { good: 'yes', bad: 'a\nb', 'also bad': 'x' },
        tags: {},
      },
      body: streamOf(Buffer.from('x')),
      size: 1,
      seal: async () => ({ size: 1, etag: '9dd4e461268c8034f5c8564e155c67a6', checksums: [] }),
      conditions: async () => ({ epoch: null }),
      signal: new AbortController().signal,
    })
    const response = await fetch(presign('GET', 'acme/a.txt'))
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/octet-stream')
    assert.equal(response.headers.get('content-language'), null)
    assert.equal(response.headers.get('x-amz-meta-good'), 'yes')
    assert.equal(response.headers.get('x-amz-meta-bad'), null)
    assert.equal(response.headers.get('cache-control'), 'private, no-store')
  })
})

test('a person who opens a dead link sees a page with the same status', async () => {
  await withS3(async ({ core, presign, origin }) => {
    await put(core, 'a.txt', 'x')
    const url = presign('GET', 'acme/a.txt', { expiresInSeconds: 60 })
    core.clock.advance(61_000)
    const page = await fetch(url, { headers: { accept: 'text/html,*/*' } })
    assert.equal(page.status, 403)
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
    const text = await page.text()
    assert.match(text, /This link has expired/)
    assert.doesNotMatch(text, /<script/)
    const xml = await fetch(url)
    assert.equal(xml.headers.get('content-type'), 'application/xml')
    assert.match(await xml.text(), /<Code>AccessDenied<\/Code>/)
    const welcome = await fetch(origin, { headers: { accept: 'text/html' } })
    assert.equal(welcome.status, 200)
    assert.match(await welcome.text(), /Hallpass/)
  })
})
